"""Characters in subject and display name that make a word look as it is not written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_CHARACTERS = 300
# Zero-width and direction marks count within Latin words only: other scripts, and emoji, are made with them.
_LATIN = "A-Za-z\u00c0-\u024f"
_INVISIBLE = re.compile(
    f"[{_LATIN}][\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]+[{_LATIN}]"
)
_REVERSED = re.compile("[\u202a-\u202e\u2066-\u2069][\u0000-\u024f]")
# A Latin letter beside one of Cyrillic, Greek or Armenian.
_OTHER = "\u0370-\u03ff\u0400-\u052f\u0531-\u058f"
_MIXED = re.compile(f"[A-Za-z]{{2,}}[{_OTHER}]|[{_OTHER}][A-Za-z]{{2,}}|[A-Za-z][{_OTHER}][A-Za-z]")
_STYLED = re.compile("[\U0001d400-\U0001d7cb\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\U0001f130-\U0001f149]{3,}")
# Units and mathematics: these letters stand beside Latin ones, and resemble none of them.
_INNOCENT = re.compile("[\u0394\u03a3\u03a9\u03b1-\u03b4\u03b8\u03bb\u03bc\u03c0\u03c3\u03c6\u03c9\u03c8]")

INVISIBLE = SymbolDefinition(
    name="INVISIBLE_CHARACTERS",
    score=0.5,
    group="subject",
    meaning="there are invisible characters within words of the subject or the author's name",
)
MIXED = SymbolDefinition(
    name="MIXED_SCRIPT_WORD",
    score=0.5,
    group="subject",
    meaning="letters of another script that look like Latin ones stand in words of the subject or the author's name",
)
STYLED = SymbolDefinition(
    name="STYLED_LETTERS",
    score=0.3,
    group="subject",
    meaning="the subject or the author's name is written in mathematical or encircled letters",
)


def _find(letter: Letter) -> Iterator[Finding]:
    subject = letter.subject
    name = letter.authors[0].name if letter.authors else ""
    # Plain ASCII has nothing of it.
    texts = [text[:_MAX_CHARACTERS] for text in (subject, name) if not text.isascii()]
    if not texts:
        return
    text = "\n".join(texts)
    if _INVISIBLE.search(text) or _REVERSED.search(text):
        yield Finding(INVISIBLE.name)
    if _MIXED.search(_INNOCENT.sub(" ", text)):
        yield Finding(MIXED.name, shown(text))
    if _STYLED.search(text):
        yield Finding(STYLED.name, shown(text))


CHECK = ContentCheck(name="odd_characters", symbols=(INVISIBLE, MIXED, STYLED), find=_find)
