# SPDX-License-Identifier: GPL-3.0-or-later
"""The author's address: whether there is one, whose it claims to be, and what it looks like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.freemail import FREEMAIL
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.model.dmarc import DmarcStatus
from postward.model.spf import SpfStatus
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

# Dates and the numbers that programs put there stand behind a mark, and are longer.
_DIGITS = re.compile(r"[A-Za-z.]{2,40}[0-9]{5,9}")
_MAX_RECIPIENTS = 20
# Where addresses are numbers: of users, or of telephones.
_NUMBERED = frozenset({"qq.com", "163.com", "126.com", "vip.qq.com", "foxmail.com", "139.com", "189.cn", "wo.cn"})

NONE = SymbolDefinition(
    name="AUTHOR_WITHOUT_ADDRESS", score=1.5, group="sender", meaning="the From field holds no address"
)
RECIPIENT = SymbolDefinition(
    name="AUTHOR_IS_RECIPIENT",
    score=0.5,
    group="sender",
    meaning="the message claims to come from its own recipient, which nothing proves",
)
DIGITS = SymbolDefinition(
    name="AUTHOR_MANY_DIGITS",
    score=0.8,
    group="sender",
    meaning="the author's address ends in a long row of digits after letters",
)


def _find(letter: Letter) -> Iterator[Finding]:
    if not letter.authors or not any(mailbox.domain for mailbox in letter.authors):
        yield Finding(NONE.name)
        return
    author = letter.authors[0]
    local = author.address.rpartition("@")[0]
    if local[-5:].isdigit() and _DIGITS.fullmatch(local) and author.domain in FREEMAIL - _NUMBERED:
        yield Finding(DIGITS.name, shown(author.address))
    if _is_recipient(letter, author.address.lower()) and not _is_proven(letter) and not is_list_mail(letter):
        yield Finding(RECIPIENT.name, shown(author.address))


def _is_recipient(letter: Letter, address: str) -> bool:
    return any(address == recipient.text.lower() for recipient in letter.recipients[:_MAX_RECIPIENTS])


def _is_proven(letter: Letter) -> bool:
    dmarc, spf = letter.facts.dmarc, letter.facts.spf
    return (dmarc is not None and dmarc.status is DmarcStatus.PASS) or (
        spf is not None and spf.status is SpfStatus.PASS and letter.sender.domain.lower() == letter.authors[0].domain
    )


CHECK = ContentCheck(name="author_address", symbols=(NONE, RECIPIENT, DIGITS), find=_find)
