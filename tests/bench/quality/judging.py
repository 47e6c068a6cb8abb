# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge one message of the corpus by header and content alone, without DNS and without authentication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.content import ContentCheckRunner
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.checks.examination import Examination
from postward.dns.answer import Answer, Outcome
from postward.dns.public_suffix import open_suffixes
from postward.mime.stored_message import take_message
from postward.model.connection import Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.scoring.weighing import weigh
from tests.bench.quality.arrival import Arrival, Standing, read_arrival

if TYPE_CHECKING:
    from postward.dns.answer import RecordType
    from tests.bench.quality.stored_corpus import Kind, StoredMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found in one message."""

    name: str
    kind: Kind
    standing: Standing
    is_of_list: bool
    symbols: tuple[tuple[str, float], ...]
    """Each with what it counted for."""
    score: float
    failed: tuple[str, ...]
    """Checks that broke."""


def judge(message: StoredMessage) -> Judged:
    """Read one message and weigh what is found in it."""
    arrival = read_arrival(message.path.read_bytes())
    transaction = _transaction(arrival)
    _runner().run(Examination(transaction, _unanswered, arrival.time_s))
    # What checks of content may know of the client; by itself it is authentication, which is not weighed here.
    transaction.facts.iprev = None
    transaction.symbols = weigh(transaction.facts, DEFAULT_SCALE)
    return Judged(
        name=message.name,
        kind=message.kind,
        standing=arrival.standing,
        is_of_list=arrival.is_of_list,
        symbols=tuple((symbol.name, symbol.score) for symbol in transaction.symbols),
        score=transaction.score,
        failed=tuple(transaction.facts.not_checked),
    )


@cache
def _runner() -> ContentCheckRunner:
    """Make it once for each process."""
    return ContentCheckRunner(HEADER_CHECKS, BODY_CHECKS, cache(open_suffixes))


def _transaction(arrival: Arrival) -> Transaction:
    transaction = Transaction("quality", started_s=arrival.time_s)
    client = ip_address(arrival.client) if arrival.client else None
    transaction.connection = Connection(address=client)
    transaction.helo = arrival.helo
    transaction.origin = Origin(
        direction=Direction.INBOUND,
        reason="stored message",
        client=client,
        helo=arrival.helo,
        client_name=arrival.client_name,
    )
    transaction.sender = Sender(address=EnvelopeAddress(arrival.sender))
    if arrival.recipient:
        transaction.recipients.append(Recipient(address=EnvelopeAddress(arrival.recipient)))
    if arrival.client_name:
        transaction.facts.iprev = IprevResult(status=IprevStatus.PASS, name=arrival.client_name)
    take_message(transaction, arrival.content)
    return transaction


def _unanswered(_name: str, _record_type: RecordType) -> Answer:
    """Stand for a DNS that does not answer: what it says today is nothing about mail of 2002."""
    return Answer(outcome=Outcome.TIMEOUT)
