# SPDX-License-Identifier: GPL-3.0-or-later
"""When to start a process again that has ended: later after each failure in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.background import BackOff

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT_LIFE_S = 60.0
"""A process that ends younger than this counts as one more failure in a row."""


class Restart:
    """The next start of one process, which is due at once until there has been a failure."""

    def __init__(self, monotonic: Callable[[], float], back_off: BackOff | None = None) -> None:
        self._monotonic = monotonic
        self._back_off = back_off or BackOff()
        self._failures = 0
        self._due_s = float("-inf")

    @property
    def is_due(self) -> bool:
        """The pause is over."""
        return self._monotonic() >= self._due_s

    def put_off(self, lived_s: float) -> float:
        """Plan the next start after a life of so many seconds, 0 where there was none; return in how many seconds."""
        self._failures = self._failures + 1 if lived_s < SHORT_LIFE_S else 1
        delay_s = self._back_off.delay_s(self._failures)
        self._due_s = self._monotonic() + delay_s
        return delay_s
