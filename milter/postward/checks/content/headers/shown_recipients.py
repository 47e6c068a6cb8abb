# SPDX-License-Identifier: GPL-3.0-or-later
"""To whom the header says that the message goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MANY = 10

MISSING = SymbolDefinition(
    name="TO_MISSING", score=0.8, group="headers", meaning="the header names no recipient at all"
)
UNDISCLOSED = SymbolDefinition(
    name="TO_UNDISCLOSED", score=0.3, group="headers", meaning="the recipients are kept from each other"
)
MANY = SymbolDefinition(
    name="TO_UNDISCLOSED_MANY",
    score=0.3,
    group="bulk",
    meaning="the message goes to ten or more of us at once, and the header names none of them",
)
NO_ADDRESS = SymbolDefinition(
    name="TO_WITHOUT_ADDRESS", score=0.3, group="headers", meaning="the To field holds no address"
)


def _find(letter: Letter) -> Iterator[Finding]:
    to = letter.field(b"to") or b""
    if b"@" in to or letter.headers.first(b"cc") is not None or is_list_mail(letter):
        return
    if not to:
        yield Finding(MISSING.name)
    elif b"undisclosed" in to.lower() or b":;" in to.replace(b" ", b""):
        yield Finding(UNDISCLOSED.name)
    else:
        yield Finding(NO_ADDRESS.name)
    if len(letter.recipients) >= _MANY:
        yield Finding(MANY.name, f"{len(letter.recipients)} recipients")


CHECK = ContentCheck(name="shown_recipients", symbols=(MISSING, UNDISCLOSED, MANY, NO_ADDRESS), find=_find)
