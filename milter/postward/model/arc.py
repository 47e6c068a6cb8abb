# SPDX-License-Identifier: GPL-3.0-or-later
"""Result of validating an ARC chain (RFC 8617)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ArcStatus(StrEnum):
    """RFC 8617 section 4.4 (chain validation status)."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - a result word, not a password
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcSet:
    """One hop of the chain."""

    instance: int
    sealer: str
    """d= of the ARC-Seal, an A-label in lower case."""
    selector: str
    authentication_results: bytes
    """Value of ARC-Authentication-Results after its ``i=N;``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcResult:
    """What the chain as a whole is worth."""

    status: ArcStatus
    sets: tuple[ArcSet, ...] = ()
    """From the oldest (instance 1) to the newest; empty unless the structure is whole."""
    oldest_pass: int = 0
    """Lowest instance whose message signature still verifies; 0 where all do (RFC 8617 section 5.2)."""
    reason: str = ""
    """Why it failed, in words; may quote text from outside."""
    temporary: bool = False
    """The failure is a DNS failure and may pass."""

    @property
    def sealer(self) -> str | None:
        """Domain of the newest seal, or None without a chain."""
        return self.sets[-1].sealer if self.sets else None
