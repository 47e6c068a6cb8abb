# SPDX-License-Identifier: GPL-3.0-or-later
"""A display name that is there to be taken for the address: it holds another one, or our own domain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.freemail import FREEMAIL
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.quoting import shown
from postward.checks.content.headers.registered import registered
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_CHARACTERS = 300
_ADDRESS = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})")
_VIA = re.compile(r"\bvia\b", re.IGNORECASE)

OTHER_ADDRESS = SymbolDefinition(
    name="NAME_HOLDS_OTHER_ADDRESS",
    score=0.5,
    group="sender",
    meaning="the author's display name is an address of another domain than that of the real address",
)
OUR_ADDRESS = SymbolDefinition(
    name="NAME_HOLDS_OUR_ADDRESS",
    score=0.5,
    group="sender",
    meaning="the author's display name is an address of ours, and the real address is not",
)
OUR_DOMAIN = SymbolDefinition(
    name="NAME_HOLDS_OUR_DOMAIN",
    score=0.5,
    group="sender",
    meaning="the author's display name claims our domain, from which the message does not come",
)


def _find(letter: Letter) -> Iterator[Finding]:
    name = letter.authors[0].name if letter.authors else ""
    # Without a dot there is neither an address nor a domain in it.
    if "." not in name:
        return
    name = name[:_MAX_CHARACTERS]
    real = letter.organizational(letter.author_domain)
    address = _ADDRESS.search(name) if "@" in name else None
    if address is not None:
        yield from _other_address(letter, name, address[0], registered(letter, address[1]), real)
    elif real and _own_domain_in(letter, name.lower()) not in {"", real}:
        yield Finding(OUR_DOMAIN.name, shown(name))


def _other_address(letter: Letter, name: str, address: str, claimed: str, real: str) -> Iterator[Finding]:
    if not claimed or not real or claimed == real:
        return
    # Lists and portals write for somebody, and say so; answers go to him then.
    if _VIA.search(name) or is_list_mail(letter):
        return
    if any(mailbox.address.lower() == address.lower() for mailbox in letter.mailboxes(b"reply-to")):
        return
    symbol = OUR_ADDRESS if claimed in letter.own_domains else OTHER_ADDRESS
    yield Finding(symbol.name, shown(name))


def _own_domain_in(letter: Letter, name: str) -> str:
    words = name.replace("(", " ").replace(")", " ").replace(",", " ").split()
    for domain in letter.own_domains:
        # A provider's name is claimed by nobody alone.
        if domain in words and domain not in FREEMAIL:
            return domain
    return ""


CHECK = ContentCheck(name="display_name", symbols=(OTHER_ADDRESS, OUR_ADDRESS, OUR_DOMAIN), find=_find)
