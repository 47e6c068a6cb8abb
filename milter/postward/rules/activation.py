# SPDX-License-Identifier: GPL-3.0-or-later
"""From when until when a rule is in force."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Unix times; a rule written with days alone holds from the first moment of the first to the last of the last."""

    from_s: float | None = None
    until_s: float | None = None
    """The first moment at which it holds no more."""

    def holds_at(self, now_s: float) -> bool:
        """Whether the rule is in force."""
        return (self.from_s is None or now_s >= self.from_s) and (self.until_s is None or now_s < self.until_s)

    def is_over_at(self, now_s: float) -> bool:
        """Whether it will never be in force again."""
        return self.until_s is not None and now_s >= self.until_s
