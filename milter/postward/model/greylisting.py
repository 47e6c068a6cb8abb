# SPDX-License-Identifier: GPL-3.0-or-later
"""What the memory of greylisting says of one message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GreylistStatus(StrEnum):
    """Whether the message has to come again."""

    DELAYED = "delayed"
    """It is new, or has come again too soon."""
    PASSED = "passed"
    """It has come again, or its sender is known."""
    UNKNOWN = "unknown"
    """The memory could not be asked; the message passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GreylistResult:
    """Told in the log and to the operator."""

    status: GreylistStatus
    reason: str = ""
    """In words."""
    wait_s: float = 0.0
    """After so long it passes; 0 unless it is delayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What the memory knew of a message before it came."""

    envelope_age_s: float
    """Since when its envelope has been known; 0 for a new one."""
    body_age_s: float
    """Since when its body has been known; 0 for a new one."""
    knows_sender: bool
