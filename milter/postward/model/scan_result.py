# SPDX-License-Identifier: GPL-3.0-or-later
"""What another program, such as a virus scanner, has said of a message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScanStatus(StrEnum):
    """How the question ended."""

    CLEAN = "clean"
    """It found nothing, or gave a score, whatever that is."""
    VIRUS = "virus"
    SKIPPED = "skipped"
    """It was not asked, and need not be: the message is beyond its size limit."""
    FAILED = "failed"
    """It gave no answer of use: time-out, no connection, nonsense, or passed over for having failed before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """The answer of one scanner."""

    status: ScanStatus
    viruses: tuple[str, ...] = ()
    """Names; text from outside, each 100 printable ASCII characters at most."""
    score: float | None = None
    """On the scanner's own scale; None where it gives none."""
    required: float | None = None
    """From which score on the scanner itself calls it spam."""
    symbols: tuple[tuple[str, float], ...] = ()
    """The scanner's own, with what each counts there; names of upper case letters, digits and underscores."""
    reason: str = ""
    """Why it was skipped or failed, in words of ours."""
    defers: bool = False
    """It failed, and the operator wants such mail to come again later."""
