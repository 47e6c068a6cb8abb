# SPDX-License-Identifier: GPL-3.0-or-later
"""A subject that pretends to be an answer to something."""

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

# Forwarded mail refers to nothing.
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw|odp|vs)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:", re.IGNORECASE)
# Programs of the telephone, of lists and of tickets that answer and do not say to what, by fields that they write.
_REFERENCES = (b"references", b"in-reply-to", b"thread-index", b"thread-topic", b"x-originating-email", b"resent-from",
               b"x-autoreply", b"x-autorespond", b"x-auto-response-suppress", b"auto-submitted")  # fmt: skip

FALSE_REPLY = SymbolDefinition(
    name="REPLY_TO_NOTHING",
    score=0.8,
    group="subject",
    meaning="the subject says that this is an answer, and nothing says to what",
)


def _find(letter: Letter) -> Iterator[Finding]:
    if not _REPLY.match(letter.subject):
        return
    if not letter.headers.has_any(_REFERENCES) and not is_list_mail(letter):
        yield Finding(FALSE_REPLY.name, shown(letter.subject))


CHECK = ContentCheck(name="false_reply", symbols=(FALSE_REPLY,), find=_find)
