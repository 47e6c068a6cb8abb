# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the decision into one Plan: what is removed, what is added, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.actions.own_fields import forged_fields
from postward.actions.reason_field import reason_field
from postward.actions.results_field import OutboundResults, results_field
from postward.actions.spam_fields import spam_fields
from postward.actions.virus_field import virus_field
from postward.authn.spf import received_spf
from postward.model.action import NOTHING, AddHeader, Hold, Plan, Reply
from postward.model.origin import Direction
from postward.model.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.pass_mark import PassMark
    from postward.model.transaction import Transaction
    from postward.model.verdict import Decision

REFUSED = Reply(code=550, enhanced="5.7.1", text="Message refused by policy")
DEFERRED = Reply(code=451, enhanced="4.7.1", text="Message could not be checked, please try again later")
FLOODED = Reply(code=552, enhanced="5.3.4", text="Message header has too many fields that only we may write")

MAX_REMOVALS = 6_000
"""For each an MTA reads the header from its beginning: more of them would keep Postfix busy for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    """Which fields are written."""

    authserv_id: str
    authentication_results: bool = True
    outbound_results: OutboundResults = OutboundResults.NONE
    received_spf: bool = False
    spam_headers: bool = True
    remove_subdomain_results: bool = False
    junk_threshold: float = 5.0


def make_plan(
    transaction: Transaction,
    decision: Decision,
    settings: OutputSettings,
    mark: PassMark | None = None,
) -> Plan:
    """Plan what the decision calls for; mail that was judged before stays as it is."""
    if transaction.origin.direction is Direction.REINJECTED:
        return NOTHING
    if decision.verdict is Verdict.REJECT:
        return Plan(reply=decision.reply or REFUSED)
    if decision.verdict is Verdict.DEFER:
        return Plan(reply=decision.reply or DEFERRED)
    removals = forged_fields(
        transaction.headers,
        settings.authserv_id,
        unread=transaction.unread_fields,
        remove_subdomain_results=settings.remove_subdomain_results,
    )
    if len(removals) > MAX_REMOVALS:
        return Plan(reply=FLOODED)
    return Plan(
        removals=removals,
        additions=tuple(_additions(transaction, decision, settings, mark)),
        hold=Hold(reason=decision.reason) if decision.verdict is Verdict.QUARANTINE else None,
        discards=decision.verdict is Verdict.DISCARD,
    )


def _additions(
    transaction: Transaction,
    decision: Decision,
    settings: OutputSettings,
    mark: PassMark | None,
) -> Iterator[AddHeader]:
    """Yield the new fields from the top down."""
    direction, facts = transaction.origin.direction, transaction.facts
    results = results_of(transaction, decision, settings)
    if results is not None:
        yield results
    if direction in (Direction.OUTBOUND, Direction.LOOPBACK):
        return
    if settings.received_spf and facts.spf is not None and transaction.origin.client is not None:
        yield AddHeader(
            name="Received-SPF",
            value=received_spf(facts.spf, transaction.origin.client, transaction.origin.helo, settings.authserv_id),
        )
    if settings.spam_headers:
        yield from _verdict_fields(transaction, decision, settings)
    if mark is not None and results is not None:
        yield mark.issue(results.value, transaction.headers)


def _verdict_fields(transaction: Transaction, decision: Decision, settings: OutputSettings) -> Iterator[AddHeader]:
    yield from spam_fields(
        decision,
        transaction.symbols,
        score=transaction.score,
        junk_threshold=settings.junk_threshold,
        not_checked=transaction.facts.not_checked,
    )
    status = virus_field(transaction.facts)
    if status is not None:
        yield status
    yield reason_field(transaction, decision, junk_threshold=settings.junk_threshold)


def results_of(transaction: Transaction, decision: Decision, settings: OutputSettings) -> AddHeader | None:
    """Give the Authentication-Results field; None where the settings or the origin of the message call for none."""
    if not settings.authentication_results:
        return None
    return results_field(transaction, decision, authserv_id=settings.authserv_id, outbound=settings.outbound_results)
