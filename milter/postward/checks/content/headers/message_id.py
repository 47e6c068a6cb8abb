# SPDX-License-Identifier: GPL-3.0-or-later
"""The Message-ID: missing, malformed, or made by nobody who sends mail (RFC 5322 section 3.6.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.checks.content.headers.our_mail import is_our_mail
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

# More generous than RFC 5322: blanks and other octets within have always been written.
_ID = re.compile(rb"<[^<>@\s][^<>@]*@([^<>@\s]+)>")
_NAME = re.compile(rb"[A-Za-z0-9_-][A-Za-z0-9._:-]*")

MISSING = SymbolDefinition(name="MESSAGE_ID_MISSING", score=1.5, group="headers", meaning="there is no Message-ID")
MALFORMED = SymbolDefinition(
    name="MESSAGE_ID_MALFORMED", score=1.8, group="headers", meaning="the Message-ID is not of the form <name@host>"
)
HOST_ODD = SymbolDefinition(
    name="MESSAGE_ID_HOST_ODD", score=0.3, group="headers", meaning="what should be a host in the Message-ID is none"
)
HOST_LOCAL = SymbolDefinition(
    name="MESSAGE_ID_HOST_LOCAL",
    score=0.0,
    group="headers",
    meaning="the Message-ID names a host without a domain",
)
HOST_OURS = SymbolDefinition(
    name="MESSAGE_ID_OURS",
    score=0.5,
    group="headers",
    meaning="the Message-ID names our domain, from which the message does not come",
)


def _find(letter: Letter) -> Iterator[Finding]:
    value = letter.field(b"message-id")
    if not value:
        # Scanners and scripts of ours write none.
        if not is_our_mail(letter):
            yield Finding(MISSING.name)
        return
    match = _ID.match(value)
    if match is None:
        yield Finding(MALFORMED.name, shown(value))
        return
    host = match[1]
    if host.startswith(b"["):
        # A literal, as Eudora and some printers write it.
        return
    # Octets beyond ASCII are a name of SMTPUTF8.
    if not _NAME.fullmatch(host) and host.isascii():
        yield Finding(HOST_ODD.name, shown(host))
    elif b"." not in host:
        yield Finding(HOST_LOCAL.name, shown(host))
    elif _is_ours(letter, host.decode("ascii", "replace").lower()):
        yield Finding(HOST_OURS.name, shown(host))


def _is_ours(letter: Letter, host: str) -> bool:
    domain = letter.organizational(host)
    if not domain or domain == letter.organizational(letter.author_domain) or is_list_mail(letter):
        return False
    return domain in letter.own_domains


CHECK = ContentCheck(name="message_id", symbols=(MISSING, MALFORMED, HOST_ODD, HOST_LOCAL, HOST_OURS), find=_find)
