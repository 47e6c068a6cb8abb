# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that a rule sends by another way: the last look at whom it is for, and the field that the MTA acts on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.actions.removals import removals_of
from postward.actions.route_field import FIELD_NAME, route_field
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
_KEY = FIELD_NAME.lower().encode("ascii")


class RoutingStage:
    """Adds the control field; ``tokens`` has the token of each route by its name.

    Comes last, so that no signature of ours covers a field that the MTA takes off.  A message that is kept has it too,
    and goes that way when it is let go: see ``KeptRouteStage``.
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
        if not route or (plan.discards and not _is_kept(transaction)):
            return plan
        objection = _objection(route, plan, transaction, self._tokens, self._directory)
        if objection:
            return _deferred(transaction, f"not to be routed by {route}: {objection}")
        return replace(plan, additions=(*plan.additions, route_field(self._tokens[route])))


class KeptRouteStage:
    """Has a message that was kept, and comes back with our mark on it, go the way that it was to go."""

    def __init__(self, tokens: Mapping[str, str], directory: RuleDirectory) -> None:
        self._names = {token.encode("ascii"): name for name, token in tokens.items()}
        self._tokens = tokens
        self._directory = directory

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Write the field anew, for the MTA looks at no other than what a milter has added.

        What is for recipients of this host alone stays here; its way was that of others, for whom it was not kept.
        """
        transaction = examination.transaction
        values = [field.value.strip() for field in transaction.headers.all(_KEY)]
        if not values or self._is_for_here(transaction):
            return plan
        route = next((self._names[value] for value in values if value in self._names), "")
        if not route:
            # Taken away since, or the secret was lost: whoever let it go has to know.
            return _deferred(transaction, "not to be routed: the way that it was to go is not known any more")
        objection = _objection(route, plan, transaction, self._tokens, self._directory)
        if objection:
            return _deferred(transaction, f"not to be routed by {route}: {objection}")
        return replace(
            plan,
            removals=(*plan.removals, *removals_of(transaction.headers, _KEY)),
            additions=(*plan.additions, route_field(self._tokens[route])),
        )

    def _is_for_here(self, transaction: Transaction) -> bool:
        domains = {recipient.address.domain.lower() for recipient in transaction.recipients}
        try:
            return all("." not in domain or self._directory.is_hosted(domain) is True for domain in domains)
        except DirectoryUnavailable:
            return False


def _is_kept(transaction: Transaction) -> bool:
    return transaction.rules is not None and bool(transaction.rules.result.kept_for)


def _objection(
    route: str, plan: Plan, transaction: Transaction, tokens: Mapping[str, str], directory: RuleDirectory
) -> str:
    if route not in tokens:
        return "there is no such route"
    try:
        return route_objection(_final_recipients(plan, transaction), directory)
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
