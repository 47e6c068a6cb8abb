"""What was asked ahead a moment ago, so that the names of busy senders do not wake the DNS thread for every message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

FORGET_AFTER_S = 10.0
"""A key is remembered for this long at least, and twice as long at most."""
MAX_KEYS = 20_000


class RecentlyAsked:
    """Safe from every thread: should two of them ask at the same moment, both are told that it is news."""

    __slots__ = ("_clock", "_current", "_previous", "_turn_s")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._current: dict[Hashable, None] = {}
        self._previous: dict[Hashable, None] = {}
        self._turn_s = clock() + FORGET_AFTER_S

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
        self._previous = self._current if now_s < self._turn_s + FORGET_AFTER_S else {}
        self._current = {}
        self._turn_s = now_s + FORGET_AFTER_S
