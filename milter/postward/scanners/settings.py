# SPDX-License-Identifier: GPL-3.0-or-later
"""How one scanner is asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.milter_socket import MilterSocket


class OnFailure(StrEnum):
    """What becomes of a message that a scanner should have looked at and could not."""

    SKIP = "skip"
    """It goes on without, and is marked as not checked."""
    TEMPFAIL = "tempfail"
    """It is to come again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerSettings:
    """Where a scanner is, and what it may cost."""

    name: str
    """Of its check: clamav, spamassassin or rspamd."""
    socket: MilterSocket
    timeout_s: float
    """From the end of the message to the answer, with all that comes between."""
    max_bytes: int
    """Larger messages are not shown to it."""
    concurrency: int
    """Messages that one worker shows to it at a time."""
    on_failure: OnFailure = OnFailure.SKIP
    pass_over_s: float = 30.0
    """So long it is not asked after it did not answer in time."""
    trial_s: float = 2.0
    """Within this time it has to say that it lives, before it is shown a message again."""
