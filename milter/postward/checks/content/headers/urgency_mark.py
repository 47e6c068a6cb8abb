"""A message that calls itself urgent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_URGENT = {
    b"x-priority": (b"1", b"2"),
    b"importance": (b"high",),
    b"priority": (b"urgent",),
    b"x-msmail-priority": (b"high",),
}

URGENT = SymbolDefinition(name="MARKED_URGENT", score=0.2, group="headers", meaning="the message is marked as urgent")


def _find(letter: Letter) -> Iterator[Finding]:
    for key, words in _URGENT.items():
        field = letter.headers.first(key)
        if field is not None and field.value.strip().lower().startswith(words):
            yield Finding(URGENT.name)
            return


CHECK = ContentCheck(name="urgency_mark", symbols=(URGENT,), find=_find)
