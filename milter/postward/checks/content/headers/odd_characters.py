# SPDX-License-Identifier: GPL-3.0-or-later
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
# The override alone turns Latin letters round: embeddings and isolates stand around names and numbers in honest text.
_REVERSED = re.compile("\u202e[\u0000-\u024f]")
# Of Cyrillic, Greek and Armenian those that look like Latin letters, amid such or before a row of them: people write
# "PDF-files" with endings of their own language, but never begin a word so.
_ALIKE = (
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445"
    "\u0405\u0406\u0408\u0455\u0456\u0458\u04bb\u0501\u051b\u051d"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5"
    "\u0585\u057d\u0570"
)
_MIXED = re.compile(f"[A-Za-z][{_ALIKE}]{{1,3}}[A-Za-z]|(?<!\\w)[{_ALIKE}][A-Za-z]{{2,}}")
_STYLED = re.compile("[\U0001d400-\U0001d7cb\u24b6-\u24e9\U0001f130-\U0001f149]{3,}")
_WIDE = re.compile("[\uff21-\uff3a\uff41-\uff5a]{3,}")
# Chinese and Japanese, amid which wide letters are usual.
_WIDE_SCRIPTS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
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
    if _MIXED.search(text):
        yield Finding(MIXED.name, shown(text))
    if _STYLED.search(text) or (_WIDE.search(text) and not _WIDE_SCRIPTS.search(text)):
        yield Finding(STYLED.name, shown(text))


CHECK = ContentCheck(name="odd_characters", symbols=(INVISIBLE, MIXED, STYLED), find=_find)
