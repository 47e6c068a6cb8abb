# SPDX-License-Identifier: GPL-3.0-or-later
"""Encoded words (RFC 2047) around plain ASCII, which only hide the text from simple filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_LINE = 200
"""Of a longer text encoding makes lines that may be folded."""

SUBJECT = SymbolDefinition(
    name="SUBJECT_NEEDLESSLY_ENCODED",
    score=0.2,
    group="subject",
    meaning="the subject is plain ASCII and yet in base64",
)
NAME = SymbolDefinition(
    name="NAME_NEEDLESSLY_ENCODED",
    score=0.2,
    group="sender",
    meaning="the author's display name is plain ASCII and yet in base64",
)


def _find(letter: Letter) -> Iterator[Finding]:
    if _is_base64(letter, b"subject") and _is_plain(letter.subject):
        yield Finding(SUBJECT.name, shown(letter.subject))
    if _is_base64(letter, b"from") and letter.authors and _is_plain(letter.authors[0].name):
        yield Finding(NAME.name, shown(letter.authors[0].name))


def _is_base64(letter: Letter, key: bytes) -> bool:
    field = letter.headers.first(key)
    return field is not None and b"=?" in field.value and b"?b?" in field.value.lower()


def _is_plain(text: str) -> bool:
    return bool(text) and text.isascii() and "=?" not in text and len(text) <= _MAX_LINE


CHECK = ContentCheck(name="needless_encoding", symbols=(SUBJECT, NAME), find=_find)
