# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a hosted process has not done what it was asked."""

from __future__ import annotations

from enum import StrEnum

from postward.errors import PostwardError


class HostFailureKind(StrEnum):
    """What went wrong; a word for logs and counters."""

    TIMEOUT = "timeout"
    """It has not answered in time, and was killed."""
    ENDED = "ended"
    """It has ended, or closed the channel."""
    GARBAGE = "garbage"
    """It wrote what is no answer, or more than one."""
    STRAY = "stray"
    """It left processes behind that it had started."""
    BUSY = "busy"
    """All processes were at work for too long; nothing is said of this call."""
    UNAVAILABLE = "unavailable"
    """No process could be started, or the pool is closed."""


class HostFailure(PostwardError):
    """The call has failed; where a process was at fault it is gone, and another takes its place."""

    def __init__(self, kind: HostFailureKind, text: str, *, output: bytes = b"") -> None:
        """``output``: the end of what the process wrote to its standard output and error."""
        super().__init__(text)
        self.kind = kind
        self.output = output
