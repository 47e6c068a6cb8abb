# SPDX-License-Identifier: GPL-3.0-or-later
"""No subject, or an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

MISSING = SymbolDefinition(name="SUBJECT_MISSING", score=0.1, group="subject", meaning="there is no Subject field")
BLANK = SymbolDefinition(name="SUBJECT_BLANK", score=0.2, group="subject", meaning="the subject is empty")


def _find(letter: Letter) -> Iterator[Finding]:
    if letter.headers.first(b"subject") is None:
        yield Finding(MISSING.name)
    elif not letter.subject.strip():
        yield Finding(BLANK.name)


CHECK = ContentCheck(name="subject_blank", symbols=(MISSING, BLANK), find=_find)
