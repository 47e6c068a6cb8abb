# SPDX-License-Identifier: GPL-3.0-or-later
"""What the message says of the program that made it, and what that program would never have done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_BYTES = 200
_NO_PROGRAM = re.compile(rb"[A-Za-z0-9]{15,40}|[\d.]{1,40}|\W*")
_NAME_LETTERS = 6
_BULKERS = re.compile(
    rb"achi-kochi|aristotle mail|avalanche|bulk ?e?mail|colorsyst|diffondi|dynamic ?mail|e-?mailer engine|easy dm|"
    rb"ebmailer|express mail lite|floodgate|gammadyne|(?:jpfree )?group ?mail|im2000|jixing|leaf ?mail|mach ?10|"
    rb"mailking|massmail|mass sender|millennium mailer|oceanic mail|prospect mailer|quicksender|rapid mailer|"
    rb"sendblaster|smtp ?blaster|stealth|supermail|turbo ?mailer|ultramailer|unity mail|v-mailer|worldmerge",
    re.IGNORECASE,
)
"""At the beginning of the value."""
_OUTLOOK = re.compile(rb"Microsoft Outlook(?! Express Mac| for Mac)")

BULKER = SymbolDefinition(
    name="MAILER_FOR_BULK",
    score=1.8,
    group="headers",
    meaning="the message was made by a program that is made for unasked bulk mail",
)
NOT_OUTLOOK = SymbolDefinition(
    name="MAILER_FORGED_OUTLOOK",
    score=1.8,
    group="headers",
    meaning="the message claims to be from Outlook, and lacks the fields that Outlook writes",
)
NO_MIMEOLE = SymbolDefinition(
    name="MSMAIL_PRIORITY_ALONE",
    score=0.8,
    group="headers",
    meaning="the message has a priority field of Microsoft's and no other one of theirs",
)
NONSENSE = SymbolDefinition(
    name="MAILER_NONSENSE",
    score=1.5,
    group="headers",
    meaning="what should name the program that made the message is an empty word or a random one",
)


def _find(letter: Letter) -> Iterator[Finding]:
    first = letter.headers.first
    if (field := first(b"x-mailer")) is not None:
        value = field.value[:_MAX_BYTES].strip()
        if _BULKERS.match(value):
            yield Finding(BULKER.name, shown(value))
        elif _OUTLOOK.match(value):
            if not _has_traces(letter):
                yield Finding(NOT_OUTLOOK.name, shown(value))
                return
        elif _NO_PROGRAM.fullmatch(value) and not _is_name(value):
            yield Finding(NONSENSE.name, shown(value))
    if first(b"x-msmail-priority") is not None and not _has_traces(letter) and not is_list_mail(letter):
        yield Finding(NO_MIMEOLE.name)


def _is_name(value: bytes) -> bool:
    """A name, perhaps with a version behind it."""
    return value.isalpha() or (value[:_NAME_LETTERS].isalpha() and value.rstrip(b"0123456789").isalpha())


def _has_traces(letter: Letter) -> bool:
    """Outlook Express always writes X-MimeOLE, Outlook that or Thread-Index; Exchange may rewrite both."""
    names = letter.headers.names()
    return any(name in {b"x-mimeole", b"thread-index"} or name.startswith(b"x-ms-") for name in names)


CHECK = ContentCheck(name="mail_program", symbols=(BULKER, NOT_OUTLOOK, NO_MIMEOLE, NONSENSE), find=_find)
