# SPDX-License-Identifier: GPL-3.0-or-later
"""The name by which the client greeted: no name, one that leads nowhere, or ours (RFC 5321 section 4.1.4)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.our_mail import is_our_mail
from postward.checks.content.headers.quoting import shown
from postward.checks.content.headers.registered import registered
from postward.dns.answer import Outcome, RecordType
from postward.model.iprev import IprevStatus
from postward.model.spf import SpfStatus
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_MAX_CHARACTERS = 255
_LITERAL = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\]", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}")

ADDRESS = SymbolDefinition(
    name="HELO_IS_ADDRESS",
    score=2.2,
    group="headers",
    meaning="the client greeted with an IP address instead of a name",
)
OTHER_ADDRESS = SymbolDefinition(
    name="HELO_OTHER_ADDRESS",
    score=0.5,
    group="headers",
    meaning="the client greeted with an IP address that is not its own",
)
NO_NAME = SymbolDefinition(
    name="HELO_NO_NAME", score=1.1, group="headers", meaning="the client greeted with a word that is no host name"
)
UNRESOLVED = SymbolDefinition(
    name="HELO_UNRESOLVED", score=0.5, group="headers", meaning="the name with which the client greeted does not exist"
)
OURS = SymbolDefinition(
    name="HELO_OURS", score=0.5, group="headers", meaning="the client greeted with a name of ours, and is none of ours"
)


def _find(letter: Letter) -> Iterator[Finding]:
    client, helo = letter.origin.client, letter.origin.helo[:_MAX_CHARACTERS]
    # Devices of ours greet with what they have.
    if client is None or not helo or is_our_mail(letter):
        return
    if helo.startswith("["):
        yield from _literal(letter, helo)
    elif _is_address(helo):
        yield Finding(ADDRESS.name, shown(helo))
    elif not _NAME.fullmatch(helo) or "." not in helo.rstrip("."):
        yield Finding(NO_NAME.name, shown(helo))
    elif not _is_confirmed(letter, helo.lower().rstrip(".")):
        yield from _unconfirmed(letter, helo)


def _literal(letter: Letter, helo: str) -> Iterator[Finding]:
    match = _LITERAL.fullmatch(helo)
    if match is None or not _is_address(match[1]):
        yield Finding(NO_NAME.name, shown(helo))
    elif (address := ip_address(match[1])) != letter.origin.client and not address.is_private:
        yield Finding(OTHER_ADDRESS.name, shown(helo))


def _is_address(text: str) -> bool:
    if not text[-1:].isdigit() and ":" not in text:
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_confirmed(letter: Letter, helo: str) -> bool:
    """It is the client's name in DNS, or SPF says that the client may use it."""
    iprev, spf = letter.facts.iprev, letter.facts.spf_helo
    return (iprev is not None and iprev.status is IprevStatus.PASS and (iprev.name or "").rstrip(".") == helo) or (
        spf is not None and spf.status is SpfStatus.PASS
    )


def _unconfirmed(letter: Letter, helo: str) -> Iterator[Finding]:
    outcomes: set[Outcome] = set()
    for record_type in (RecordType.A, RecordType.AAAA):
        answer = letter.lookup(helo, record_type)
        if letter.origin.client in answer.addresses():
            return
        outcomes.add(answer.outcome)
        if answer.outcome is Outcome.NXDOMAIN:
            break
    if outcomes <= {Outcome.NXDOMAIN, Outcome.NODATA}:
        yield Finding(UNRESOLVED.name, shown(helo))
    if registered(letter, helo) in letter.own_domains and not _is_of_own_mail(letter):
        yield Finding(OURS.name, shown(helo))


def _is_of_own_mail(letter: Letter) -> bool:
    """The domain says by SPF that its mail may come from there."""
    spf, iprev = letter.facts.spf, letter.facts.iprev
    is_ours = (
        iprev is not None
        and iprev.status is IprevStatus.PASS
        and (registered(letter, iprev.name or "") in letter.own_domains)
    )
    return is_ours or (
        spf is not None
        and spf.status is SpfStatus.PASS
        and registered(letter, letter.sender.domain) in letter.own_domains
    )


CHECK = ContentCheck(name="helo", symbols=(ADDRESS, OTHER_ADDRESS, NO_NAME, UNRESOLVED, OURS), find=_find)
