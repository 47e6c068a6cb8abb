# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text and HTML that are to say the same (RFC 2046 section 5.1.4), and say something else altogether."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.part import Part

_CHARACTERS = 20_000
_PLAIN_CHARACTERS = 2_000
_SAMPLE_CHARACTERS = 1_200
_FIRST_WORDS = 30
_ENOUGH_OF_FIRST = 6
_MIN_LETTERS = 4
_MIN_WORDS = 40
"""Shorter plain text says that one should look at the HTML."""
_MAX_SHARED = 0.1
_DIFFER = SymbolDefinition(
    name="BODY_ALTERNATIVES_DIFFER",
    score=0.5,
    group="body",
    meaning="its plain text and its HTML say different things",
)


def _find(letter: Letter) -> Iterator[Finding]:
    plain = next(filter(_is_alternative, letter.parts), None) if letter.html else None
    if plain is None:
        return
    # Related parts stand one level deeper: 1.1 and 1.2.1.
    place = plain.path.rpartition(".")[0]
    shown = " ".join(view.visible_text for path, view in letter.html.items() if path.startswith(place))
    shorter, longer = sorted((plain.text(_PLAIN_CHARACTERS, 2 * _PLAIN_CHARACTERS), shown[:_CHARACTERS]), key=len)
    # Of honest messages the first words are enough.
    if _has(_ENOUGH_OF_FIRST, shorter.split(maxsplit=_FIRST_WORDS)[:_FIRST_WORDS], longer):
        return
    words = {word for word in shorter[:_SAMPLE_CHARACTERS].split() if len(word) >= _MIN_LETTERS and word.isalpha()}
    if len(words) >= _MIN_WORDS and not _has(_MAX_SHARED * len(words), words, longer):
        yield Finding(_DIFFER.name, f"of {len(words)} words hardly any stands in both")


def _has(enough: float, words: Iterable[str], text: str) -> bool:
    """Tell whether so many of the words stand in the text."""
    for word in words:
        enough -= len(word) >= _MIN_LETTERS and word in text
        if enough <= 0:
            return True
    return False


def _is_alternative(part: Part) -> bool:
    return part.content_type == "text/plain" and part.parent_type == "multipart/alternative" and part.is_body


CHECK = ContentCheck(name="alternatives", symbols=(_DIFFER,), find=_find)
