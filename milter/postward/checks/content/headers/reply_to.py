# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that would go to a free mailbox of somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.freemail import FREEMAIL, FREEMAIL_OCTETS
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.checks.content.headers.registered import registered
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter
    from postward.mime.address_list import Mailbox

_MAX_BYTES = 1_000
_DOMAIN = re.compile(rb"@\s*([a-z0-9.-]+)")

OTHER = SymbolDefinition(
    name="REPLY_TO_FREEMAIL",
    score=1.0,
    group="sender",
    meaning="answers go to a free mailbox, while the author writes from another domain",
)
CHANGED = SymbolDefinition(
    name="REPLY_TO_OTHER_FREEMAIL",
    score=2.2,
    group="sender",
    meaning="the author writes from one free mailbox, and answers go to another one",
)


def _find(letter: Letter) -> Iterator[Finding]:
    field = letter.headers.first(b"reply-to")
    # The field is read as a whole only where it may matter.
    if field is None or FREEMAIL_OCTETS.isdisjoint(_DOMAIN.findall(field.value[:_MAX_BYTES].lower())):
        return
    answered = letter.mailboxes(b"reply-to")
    if not letter.authors or len(answered) != 1 or answered[0].domain not in FREEMAIL or is_list_mail(letter):
        return
    yield from _judged(letter, answered[0])


def _judged(letter: Letter, answered: Mailbox) -> Iterator[Finding]:
    author = letter.authors[0]
    real = letter.organizational(letter.author_domain)
    if author.domain in FREEMAIL:
        if author.address.lower() != answered.address.lower() and not _is_same_person(author, answered):
            yield Finding(CHANGED.name, shown(answered.address))
    # A form on our own site writes in our name, and names the visitor.
    elif real and real not in {registered(letter, answered.domain), *letter.own_domains}:
        yield Finding(OTHER.name, shown(answered.address))


def _is_same_person(one: Mailbox, other: Mailbox) -> bool:
    """The same name before the at sign, as people have it at several providers."""
    return one.address.rpartition("@")[0].lower() == other.address.rpartition("@")[0].lower()


CHECK = ContentCheck(name="reply_to", symbols=(OTHER, CHANGED), find=_find)
