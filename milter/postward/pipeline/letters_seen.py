# SPDX-License-Identifier: GPL-3.0-or-later
"""Which letters have been here before: a million of them in little memory, and now and then one too many."""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 1_000_000
"""After so many it forgets early: the first half of two."""
_BITS_EACH, _PLACES = 10, 7
"""With these one of a hundred that are new is taken for known when it is full (Bloom 1970)."""
_SPLIT = Struct("<7Q")


class LettersSeen:
    """Two halves of 1.25 MB.  Safe from every thread: what two of them ask at the same moment may be news to both."""

    __slots__ = ("_clock", "_count", "_current", "_forget_after_s", "_most", "_previous", "_turn_s")

    def __init__(self, clock: Callable[[], float], *, forget_after_s: float, most: int = MOST) -> None:
        """A letter is known for ``forget_after_s`` at least, unless there are too many, and twice as long at most."""
        self._clock = clock
        self._forget_after_s = forget_after_s
        self._most = most
        self._current = bytearray(most * _BITS_EACH // 8)
        self._previous = bytearray(len(self._current))
        self._count = 0
        self._turn_s = clock() + forget_after_s

    def is_news(self, letter: str) -> bool:
        """Tell whether it was not here lately, and remember it."""
        if self._clock() >= self._turn_s or self._count >= self._most:
            self._turn()
        digest = blake2b(letter.encode(errors="surrogatepass"), digest_size=_SPLIT.size).digest()
        size = 8 * len(self._current)
        places = [number % size for number in _SPLIT.unpack(digest)]
        if _has(self._current, places):
            return False
        is_news = not _has(self._previous, places)
        for place in places:
            self._current[place >> 3] |= 1 << (place & 7)
        self._count += 1
        return is_news

    def _turn(self) -> None:
        now_s = self._clock()
        # After a pause even the younger half is too old.
        is_recent = now_s < self._turn_s + self._forget_after_s
        self._previous = self._current if is_recent else bytearray(len(self._current))
        self._current = bytearray(len(self._previous))
        self._count, self._turn_s = 0, now_s + self._forget_after_s


def _has(bits: bytearray, places: list[int]) -> bool:
    return all(bits[place >> 3] >> (place & 7) & 1 for place in places)
