# SPDX-License-Identifier: GPL-3.0-or-later
"""Which words, and in which order, a text has: found once, so that many lists of phrases cost hardly anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CHARACTERS = 5_000
"""Of a text that are looked at; what somebody wants of a stranger stands at its beginning."""
_BLANK = ord(" ")
_KEPT = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789%")
_PLAIN = bytes(octet if octet in _KEPT or octet > 0x7F else _BLANK for octet in bytes(range(256)).lower())  # noqa: PLR2004 - ASCII
_LEFT_OUT = b"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Lower case, without punctuation."""

    words: frozenset[str]
    line: str
    """All words in their order, a blank before and behind each."""


def read_wording(text: str) -> Wording:
    """Read the first ``CHARACTERS`` of it."""
    octets = text[:CHARACTERS].encode("utf-8", "replace").translate(_PLAIN, _LEFT_OUT)
    words = octets.decode("utf-8", "replace").split()
    return Wording(words=frozenset(words), line=f" {' '.join(words)} ")


class Phrases:
    """A list of words and of pairs of words, in lower case ASCII: ``Phrases("bitcoin", "gift card")``."""

    def __init__(self, *phrases: str) -> None:
        split = [tuple(phrase.split()) for phrase in phrases]
        self._words = frozenset(each[0] for each in split if len(each) == 1)
        self._pairs: dict[str, list[tuple[str, str]]] = {}
        for first, second in {each for each in split if len(each) == 2}:  # noqa: PLR2004 - a pair
            self._pairs.setdefault(first, []).append((second, f" {first} {second} "))
        self._firsts = frozenset(self._pairs)
        if len(self._words) + sum(map(len, self._pairs.values())) != len(phrases):
            raise ValueError("a phrase is one word or two, and stands once in its list")

    def count(self, wording: Wording) -> int:
        """How many of them a text has, each once."""
        return len(self._words & wording.words) + sum(1 for _ in self._pairs_in(wording))

    def are_in(self, wording: Wording) -> bool:
        """Tell whether it has any of them."""
        return not self._words.isdisjoint(wording.words) or any(self._pairs_in(wording))

    def _pairs_in(self, wording: Wording) -> Iterator[str]:
        # Few texts have even both words, and to learn that takes no search.
        words, line = wording.words, wording.line
        for first in self._firsts & words:
            yield from (pair for second, pair in self._pairs[first] if second in words and pair in line)
