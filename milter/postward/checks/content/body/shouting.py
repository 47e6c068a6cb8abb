# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in capitals throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_CHARACTERS = 3_000
_MIN_LETTERS = 400
_SHARE = 0.6
_SHOUTING = SymbolDefinition(name="TEXT_SHOUTING", score=0.3, group="body", meaning="most of its text is in capitals")


def _find(letter: Letter) -> Iterator[Finding]:
    text = letter.text[:_CHARACTERS].encode("ascii", "ignore")
    upper = len(text) - len(text.translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    lower = len(text) - len(text.translate(None, b"abcdefghijklmnopqrstuvwxyz"))
    if upper + lower >= _MIN_LETTERS and upper > _SHARE * (upper + lower):
        yield Finding(_SHOUTING.name, f"{upper} of {upper + lower} letters")


CHECK = ContentCheck(name="shouting", symbols=(_SHOUTING,), find=_find)
