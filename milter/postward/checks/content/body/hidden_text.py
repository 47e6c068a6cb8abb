# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that no reader sees, to turn the judgement of filters: words of books, of newspapers, of other people's mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_WORD = re.compile(r"[^\W\d_]{3,30}")
_PREHEADER_WORDS = 60
"""Good newsletters hide the words that a list of messages shows behind the subject."""
_CHARACTERS = 50_000
_HIDDEN = SymbolDefinition(
    name="HTML_HIDDEN_TEXT",
    score=0.5,
    group="html",
    meaning="most of its text is hidden from the reader",
)


def _find(letter: Letter) -> Iterator[Finding]:
    for view in letter.html.values():
        if len(view.hidden_text) < 4 * _PREHEADER_WORDS:
            continue
        shown = _words(view.visible_text)
        # Forms for small and for large screens hold the same words, and one of them is hidden.
        hidden = _words(view.hidden_text) - shown
        if len(hidden) > _PREHEADER_WORDS and len(hidden) > len(shown):
            yield Finding(_HIDDEN.name, f"{len(hidden)} different words are hidden, {len(shown)} are shown")
            return


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text[:_CHARACTERS].lower()))


CHECK = ContentCheck(name="hidden_text", symbols=(_HIDDEN,), find=_find)
