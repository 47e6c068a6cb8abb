# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the author's domain exists and could take an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.dns.answer import Outcome, RecordType
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

MISSING = SymbolDefinition(
    name="AUTHOR_DOMAIN_MISSING", score=0.5, group="sender", meaning="the author's domain does not exist"
)
UNREACHABLE = SymbolDefinition(
    name="AUTHOR_DOMAIN_TAKES_NO_MAIL",
    score=0.5,
    group="sender",
    meaning="the author's domain has neither a mail host nor an address",
)
NULL_MX = SymbolDefinition(
    name="AUTHOR_DOMAIN_NULL_MX",
    score=0.3,
    group="sender",
    meaning="the author's domain declares that it takes no mail",
)


def _find(letter: Letter) -> Iterator[Finding]:
    domain = letter.author_domain
    if "." not in domain:
        return
    answer = letter.lookup(domain, RecordType.MX)
    if answer.outcome is Outcome.OK:
        # RFC 7505 section 3: a null MX stands alone.
        exchanges = answer.exchanges()
        if len(exchanges) == 1 and not exchanges[0].host:
            yield Finding(NULL_MX.name, shown(domain))
    elif answer.outcome is Outcome.NXDOMAIN:
        yield Finding(MISSING.name, shown(domain))
    elif answer.outcome is Outcome.NODATA and _has_no_address(letter, domain):
        yield Finding(UNREACHABLE.name, shown(domain))


def _has_no_address(letter: Letter, domain: str) -> bool:
    """Without MX an address takes the mail (RFC 5321 section 5.1)."""
    return all(
        letter.lookup(domain, record_type).outcome in {Outcome.NODATA, Outcome.NXDOMAIN}
        for record_type in (RecordType.A, RecordType.AAAA)
    )


CHECK = ContentCheck(name="author_domain", symbols=(MISSING, UNREACHABLE, NULL_MX), find=_find)
