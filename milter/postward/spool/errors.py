# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong where messages are kept."""

from __future__ import annotations

from postward.errors import PermanentFailure, TemporaryFailure


class SpoolError(TemporaryFailure):
    """Something cannot be kept, or what is kept cannot be read; the text says what and why."""


class SpoolFullError(SpoolError):
    """There is no room: a bound is reached, or the disk is full."""


class InUseError(SpoolError):
    """Somebody else works on this message."""


class NoSuchMessageError(PermanentFailure):
    """There is no message of that id, or no longer."""
