# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Redis is asked at all: after a failure nobody asks for a while, and then one does."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_JITTER = 0.2
"""By up to so much of itself a pause is shorter, so that not all workers ask again at the same moment."""


class Turn(Enum):
    """What may be done now."""

    ASK = "ask"
    PROBE = "probe"
    """Ask, alone: all others are passed over until the answer is known."""
    PASS_OVER = "pass over"  # noqa: S105 - no password


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long Redis is passed over."""

    first_s: float = 5.0
    longest_s: float = 60.0
    """It is twice as long each time that the one who asks fails too, up to this."""
    failures: int = 3
    """After so many failures one behind the other, those that cost no time."""


class Breaker:
    """Closed it lets everybody ask; open, nobody until the pause is over.  Safe from every thread."""

    def __init__(self, pauses: Pauses, *, clock: Callable[[], float], jitter: Callable[[], float]) -> None:
        """``jitter`` gives numbers from 0 to 1."""
        self._pauses = pauses
        self._clock = clock
        self._jitter = jitter
        self._lock = threading.Lock()
        self._failures = 0
        self._until_s: float | None = None
        self._pause_s = 0.0

    @property
    def is_open(self) -> bool:
        """Whether Redis is passed over, or asked by one alone."""
        return self._until_s is not None

    @property
    def pause_s(self) -> float:
        """How long the present or the last pause is."""
        return self._pause_s

    def take_turn(self) -> Turn:
        """Say what to do; who gets PROBE has to tell how it went."""
        with self._lock:
            if self._until_s is None:
                return Turn.ASK
            if self._clock() < self._until_s:
                return Turn.PASS_OVER
            # Who is silent about it holds the others up for no longer than a pause.
            self._until_s = self._clock() + self._pause_s
            return Turn.PROBE

    def succeeded(self) -> bool:
        """Note an answer; True where Redis had been passed over."""
        with self._lock:
            was_open = self._until_s is not None
            self._failures, self._until_s = 0, None
            return was_open

    def failed(self, turn: Turn, *, at_once: bool) -> bool:
        """Note a failure; ``at_once`` opens with this one.  True where a pause begins."""
        with self._lock:
            self._failures += 1
            if self._until_s is None:
                if not at_once and self._failures < self._pauses.failures:
                    return False
                self._pause(self._pauses.first_s)
                return True
            if turn is Turn.PROBE:
                self._pause(min(self._pauses.longest_s, 2 * self._pause_s))
                return True
            # One of many that asked at the same time as the one that has opened it.
            return False

    def _pause(self, length_s: float) -> None:
        self._pause_s = length_s
        self._until_s = self._clock() + length_s * (1 - _JITTER * self._jitter())
