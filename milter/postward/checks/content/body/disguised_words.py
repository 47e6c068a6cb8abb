# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that a reader reads and a filter does not: with gaps, with characters of no width, with look-alike letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_CHARACTERS = 20_000
_GAPPY_CHARACTERS = 5_000
_GAPPY = re.compile(r"\b[A-Za-z]([ .*_-])(?:[A-Za-z](?![A-Za-z0-9'])\1){5,30}")
# Every letter becomes the same one, so that a plain search finds what is worth a closer look.
_SHAPE = bytes(ord("a") if chr(octet).isalpha() and octet < 128 else octet for octet in range(256))  # noqa: PLR2004
_GAPPY_SHAPES = tuple(6 * f"a{gap}".encode() for gap in " .*_-")
_NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
# Between letters that are not written with joiners, as Persian and Indian ones are.
_BROKEN_WORD = re.compile(f"[a-zA-Z][{_NO_WIDTH}]{{1,20}}(?=[a-zA-Z])")
_LOOK_ALIKE = re.compile("[a-zA-Z](?=[\u0400-\u045f])|[\u0400-\u045f](?=[a-zA-Z])")
_CYRILLIC = "аеорсухі"
"""Letters that are taken for Latin ones."""
_MANY_GAPPY = 2
_MANY_BROKEN = 4
_MANY_LOOK_ALIKE = 6
_GAPS = SymbolDefinition(
    name="TEXT_GAPPY_WORDS", score=0.3, group="body", meaning="its words have gaps between all letters"
)
_INVISIBLE = SymbolDefinition(
    name="TEXT_INVISIBLE_CHARACTERS",
    score=0.5,
    group="body",
    meaning="characters without any width stand within its words",
)
_MIXED = SymbolDefinition(
    name="TEXT_MIXED_SCRIPTS",
    score=0.5,
    group="body",
    meaning="its words are made of letters of several scripts that look alike",
)


def _find(letter: Letter) -> Iterator[Finding]:
    text = letter.text[:_CHARACTERS]
    # A plain search costs next to nothing, so the patterns run only where there is something for them.
    if _is_gappy(text[:_GAPPY_CHARACTERS]):
        yield Finding(_GAPS.name)
    if text.isascii():
        return
    if any(each in text for each in _NO_WIDTH) and len(_BROKEN_WORD.findall(text)) >= _MANY_BROKEN:
        yield Finding(_INVISIBLE.name)
    if any(each in text for each in _CYRILLIC) and len(_LOOK_ALIKE.findall(text)) >= _MANY_LOOK_ALIKE:
        yield Finding(_MIXED.name)


def _is_gappy(text: str) -> bool:
    shape = text.encode("utf-8", "replace").translate(_SHAPE)
    if not any(gappy in shape for gappy in _GAPPY_SHAPES):
        return False
    return len({match[0] for match in _GAPPY.finditer(text)}) >= _MANY_GAPPY


CHECK = ContentCheck(name="disguised_words", symbols=(_GAPS, _INVISIBLE, _MIXED), find=_find)
