# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that calls itself urgent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_BYTES = 100
_URGENT = {
    b"x-priority": frozenset({b"1", b"2"}),
    b"importance": frozenset({b"high"}),
    b"priority": frozenset({b"urgent"}),
    b"x-msmail-priority": frozenset({b"high"}),
}

URGENT = SymbolDefinition(name="MARKED_URGENT", score=0.4, group="headers", meaning="the message is marked as urgent")


def _find(letter: Letter) -> Iterator[Finding]:
    if not letter.headers.has_any(_URGENT):
        return
    for key, words in _URGENT.items():
        field = letter.headers.first(key)
        if field is not None and words.intersection(field.value[:_MAX_BYTES].lower().split()[:1]):
            yield Finding(URGENT.name)
            return


CHECK = ContentCheck(name="urgency_mark", symbols=(URGENT,), find=_find)
