# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked or told a while ago, so that busy senders do not cause the same work with every message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

FORGET_AFTER_S = 10.0
"""Unless something else is said."""
MAX_KEYS = 20_000


class RecentlyAsked:
    """Safe from every thread: should two of them ask at the same moment, both are told that it is news."""

    __slots__ = ("_clock", "_current", "_forget_after_s", "_previous", "_turn_s")

    def __init__(self, clock: Callable[[], float], forget_after_s: float = FORGET_AFTER_S) -> None:
        """A key is remembered for ``forget_after_s`` at least, unless there are too many, and twice as long at most."""
        self._clock = clock
        self._forget_after_s = forget_after_s
        self._current: dict[Hashable, None] = {}
        self._previous: dict[Hashable, None] = {}
        self._turn_s = clock() + forget_after_s

    def is_news(self, key: Hashable) -> bool:
        """Tell whether ``key`` was not asked for lately, and remember it."""
        if self._clock() >= self._turn_s or len(self._current) >= MAX_KEYS:
            self._turn()
        if key in self._current:
            return False
        is_news = key not in self._previous
        self._current[key] = None
        return is_news

    def _turn(self) -> None:
        now_s = self._clock()
        # After a pause even the younger half is too old.
        self._previous = self._current if now_s < self._turn_s + self._forget_after_s else {}
        self._current = {}
        self._turn_s = now_s + self._forget_after_s
