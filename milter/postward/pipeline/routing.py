"""Mail that a rule sends by another way: the last look at whom it is for, and the field that the MTA acts on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.actions.route_field import route_field
from postward.errors import DirectoryUnavailable
from postward.model.action import Plan, Reply
from postward.model.verdict import Verdict
from postward.rules.route_check import route_objection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.checks.examination import Examination
    from postward.model.transaction import Transaction
    from postward.rules.services import RuleDirectory

UNROUTABLE = Reply(code=451, enhanced="4.3.5", text="Message could not be routed, please try again later")


class RoutingStage:
    """Adds the control field; ``tokens`` has the token of each route by its name.

    Comes last, so that no signature of ours covers a field that the MTA takes off.
    """

    def __init__(self, tokens: Mapping[str, str], directory: RuleDirectory) -> None:
        self._tokens = tokens
        self._directory = directory

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Route the message as the rules want; one that cannot go that way must not go the usual way, and is deferred.

        The rules have looked at the recipients themselves, but copies and returned bounces have come since.
        """
        transaction = examination.transaction
        route = transaction.rules.result.route if transaction.rules is not None else ""
        if not route or plan.discards:
            return plan
        objection = self._objection(route, plan, transaction)
        if objection:
            return _deferred(transaction, f"not to be routed by {route}: {objection}")
        return replace(plan, additions=(*plan.additions, route_field(self._tokens[route])))

    def _objection(self, route: str, plan: Plan, transaction: Transaction) -> str:
        if route not in self._tokens:
            return "there is no such route"
        try:
            return route_objection(_final_recipients(plan, transaction), self._directory)
        except DirectoryUnavailable as failure:
            return str(failure)


def _final_recipients(plan: Plan, transaction: Transaction) -> Iterator[str]:
    dropped = set(plan.dropped_recipients)
    yield from (each.address.text for each in transaction.recipients if each.address.text not in dropped)
    yield from plan.new_recipients
    yield from plan.silent_recipients


def _deferred(transaction: Transaction, reason: str) -> Plan:
    if transaction.decision is not None:
        transaction.decision = replace(transaction.decision, verdict=Verdict.DEFER, reason=reason, reply=UNROUTABLE)
    return Plan(reply=UNROUTABLE)
