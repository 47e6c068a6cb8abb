# SPDX-License-Identifier: GPL-3.0-or-later
"""A subject that shouts."""

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
_LEAST_LETTERS = 12
_LEAST_WORDS = 3
_MANY_MARKS = 3
_TAG = re.compile(r"\[[^\[\]]{0,80}\]")
_PREFIX = re.compile(r"(?:re|fwd?|aw|wg|sv|tr)\s*:\s*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")

CAPITALS = SymbolDefinition(
    name="SUBJECT_ALL_CAPITALS", score=0.8, group="subject", meaning="the subject is written in capitals throughout"
)
MARKS = SymbolDefinition(
    name="SUBJECT_EXCLAIMS", score=1.0, group="subject", meaning="the subject has a row of exclamation marks"
)


def _find(letter: Letter) -> Iterator[Finding]:
    subject = letter.subject[:_MAX_CHARACTERS]
    if "!" in subject and ("!!" in subject or "!?" in subject or subject.count("!") >= _MANY_MARKS):
        yield Finding(MARKS.name, shown(subject))
    # A small letter ends it, in most mail at once.
    last = subject.rpartition(" ")[2]
    if last == last.upper() and _is_capitals(subject):
        yield Finding(CAPITALS.name, shown(subject))


def _is_capitals(subject: str) -> bool:
    text = _PREFIX.sub("", _TAG.sub(" ", subject))
    if not text.isupper():
        return False
    # Languages without capitals have a Latin word now and then, in capitals mostly.
    words = [word for word in _WORD.findall(text) if word.upper() != word.lower()]
    if any(not (letter.isupper() or letter.islower()) for word in words for letter in word):
        return False
    return len(words) >= _LEAST_WORDS and sum(map(len, words)) >= _LEAST_LETTERS


CHECK = ContentCheck(name="subject_shouting", symbols=(CAPITALS, MARKS), find=_find)
