# SPDX-License-Identifier: GPL-3.0-or-later
"""Passes over a scanner that did not answer in time, so that its time-out is not paid for every message."""

from __future__ import annotations

import threading
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_SLOW = 3
"""As many messages in a row may take too long while the scanner says that it lives: one can be made for that."""


class Permission(Enum):
    """Whether the scanner may be asked."""

    YES = auto()
    TRIAL = auto()
    """By this message, if the scanner says first that it lives."""
    NO = auto()


class Breaker:
    """Open from a time-out on; when ``pass_over_s`` are over, one message at a time tries.  Safe from every thread.

    A refusal does not open it, for that costs no time.
    """

    def __init__(self, *, pass_over_s: float, clock: Callable[[], float]) -> None:
        self._pass_over_s = pass_over_s
        self._clock = clock
        self._lock = threading.Lock()
        self._open_until_s: float | None = None
        self._slow = 0

    @property
    def is_open(self) -> bool:
        """True from a time-out until an answer."""
        return self._open_until_s is not None

    def ask(self) -> Permission:
        """Ask for permission; whoever gets it must tell how that went."""
        with self._lock:
            if self._open_until_s is None:
                return Permission.YES
            now_s = self._clock()
            if now_s < self._open_until_s:
                return Permission.NO
            self._open_until_s = now_s + self._pass_over_s
            return Permission.TRIAL

    def timed_out(self) -> None:
        """Pass it over from here on."""
        with self._lock:
            self._slow += 1
            self._open_until_s = self._clock() + self._pass_over_s

    def lives(self) -> bool:
        """It has said so after a time-out: one message took too long, and the others may go on; False if not again."""
        with self._lock:
            if self._slow >= _MAX_SLOW:
                return False
            self._open_until_s = None
            return True

    def answered(self) -> None:
        """Ask it again, whatever was before."""
        with self._lock:
            self._open_until_s = None
            self._slow = 0
