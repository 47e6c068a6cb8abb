# SPDX-License-Identifier: GPL-3.0-or-later
"""The Received fields: none at all, in an order in which time does not go, or forged in our name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.field_time import read_time
from postward.checks.content.headers.mailing_list import is_list_mail
from postward.model.dmarc import DmarcStatus
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.checks.content.letter import Letter

_MAX_FIELDS = 20
_MAX_BYTES = 2_048
_MAX_STEP_S = 12 * 3_600
"""Clocks run wrong, and time zones are set wrong."""
_DAY_BYTES = len("Mon, 21 Sep 2026")
"""Two times on one day by their zones are taken for near enough, in most mail."""
_BY = re.compile(rb"\bby\s+([A-Za-z0-9._:-]{1,255})", re.IGNORECASE)

MISSING = SymbolDefinition(
    name="RECEIVED_MISSING",
    score=0.0,
    group="headers",
    meaning="no relay has recorded the message before us",
)
ORDER = SymbolDefinition(
    name="RECEIVED_TIME_ORDER",
    score=0.2,
    group="headers",
    meaning="a relay has recorded the message half a day before the first one had it",
)
FORGED = SymbolDefinition(
    name="RECEIVED_FORGED_OURS",
    score=0.5,
    group="headers",
    meaning="a Received field claims that our host had the message before",
)


def _find(letter: Letter) -> Iterator[Finding]:
    fields = letter.headers.all(b"received")
    if not fields:
        if letter.origin.relayed_by is None:
            yield Finding(MISSING.name)
        return
    if len(fields) > 1 and not _is_later(fields[0].value, fields[-1].value):
        yield Finding(ORDER.name)
    # A trusted relay of ours writes such fields rightly, and so do lists and forwarders that bring our mail back.
    if letter.origin.relayed_by is None and not _comes_back(letter):
        yield from _forged(letter, [field.value[:_MAX_BYTES] for field in fields[:_MAX_FIELDS]])


def _is_later(last: bytes, first: bytes) -> bool:
    """Tell whether the last relay had it after the first one; where one gives no time that is taken for granted."""
    last_text, first_text = (value[:_MAX_BYTES].rpartition(b";")[2].strip() for value in (last, first))
    if last_text[:_DAY_BYTES] == first_text[:_DAY_BYTES]:
        return True
    last_time, first_time = read_time(last_text), read_time(first_text)
    if last_time is None or first_time is None or not (last_time.has_zone and first_time.has_zone):
        return True
    return last_time.unix_s + _MAX_STEP_S >= first_time.unix_s


def _comes_back(letter: Letter) -> bool:
    dmarc = letter.facts.dmarc
    return (
        (dmarc is not None and dmarc.status is DmarcStatus.PASS)
        or letter.sender.is_null
        or is_list_mail(letter)
        or letter.organizational(letter.author_domain) in letter.own_domains
    )


def _forged(letter: Letter, values: Sequence[bytes]) -> Iterator[Finding]:
    for domain in letter.own_domains:
        name = domain.encode("ascii")
        for value in values:
            # Looked for first, since most fields name nobody of ours.
            if name in value and any(_is_within(match[1], name) for match in _BY.finditer(value)):
                yield Finding(FORGED.name, domain)
                return


def _is_within(host: bytes, domain: bytes) -> bool:
    return host == domain or host.endswith(b"." + domain)


CHECK = ContentCheck(name="received_trace", symbols=(MISSING, ORDER, FORGED), find=_find)
