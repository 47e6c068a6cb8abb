# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages without a word of text: nothing at all, or only a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_NO_LETTERS = ("multipart/report", "multipart/encrypted", "multipart/signed", "application/pkcs7-mime",
               "application/x-pkcs7-mime")  # fmt: skip
_EMPTY = SymbolDefinition(name="BODY_EMPTY", score=0.3, group="body", meaning="there is nothing in it")
_FILE = SymbolDefinition(
    name="BODY_ONLY_FILE", score=0.2, group="body", meaning="it has an attachment and not a word of text"
)


def _find(letter: Letter) -> Iterator[Finding]:
    if letter.text or not letter.is_looked_into or letter.mime.root.content_type in _NO_LETTERS:
        return
    if any(view.images for view in letter.html.values()):
        return
    if letter.files:
        yield Finding(_FILE.name)
    elif all(part.is_body for part in letter.parts):
        yield Finding(_EMPTY.name)


CHECK = ContentCheck(name="empty_body", symbols=(_EMPTY, _FILE), find=_find)
