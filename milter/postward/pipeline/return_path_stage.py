# SPDX-License-Identifier: GPL-3.0-or-later
"""Return path and feedback fields of our own users' mail, and the way back of a bounce to such a return path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.actions.delivery import delivered_headers
from postward.actions.feedback_fields import feedback_fields
from postward.actions.plan import FLOODED, MAX_REMOVALS
from postward.model.action import Plan
from postward.model.origin import Direction
from postward.signing.feedback_token import mint

if TYPE_CHECKING:
    from postward.actions.feedback_fields import FeedbackFieldSettings
    from postward.checks.examination import Examination
    from postward.model.transaction import Transaction
    from postward.signing.feedback_keys import FeedbackKeys
    from postward.signing.return_path import ReturnPaths


class ReturnPathStage:
    """Puts return paths in place of envelope senders, and recipients in place of return paths.

    ``return_paths`` None leaves all addresses alone.  ``domains`` are those whose mail gets ``fields``; with none
    all mail of our own users does.
    """

    def __init__(
        self,
        return_paths: ReturnPaths | None,
        keys: FeedbackKeys,
        fields: FeedbackFieldSettings,
        *,
        pool: str,
        domains: frozenset[str],
    ) -> None:
        self._return_paths = return_paths
        self._keys = keys
        self._fields = fields
        self._pool = pool
        self._domains = domains

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Change the envelope, and add the fields."""
        transaction = examination.transaction
        plan = self._with_recipients(plan, transaction, examination.now_s)
        if transaction.origin.direction is not Direction.OUTBOUND:
            return plan
        sender = transaction.sender.address.text if plan.new_sender is None else plan.new_sender
        is_ours = not self._domains or sender.rpartition("@")[2].lower() in self._domains
        # RFC 5321 section 4.5.5: what has a null path must not get another, and nobody complains of it.
        return self._outgoing(plan, examination, sender) if sender and is_ours else plan

    def _outgoing(self, plan: Plan, examination: Examination, sender: str) -> Plan:
        transaction, now_s = examination.transaction, examination.now_s
        rights = transaction.facts.sender_rights
        tenant = rights.tenant if rights is not None else ""
        token = self._token(plan, transaction, tenant, now_s)
        fields = feedback_fields(transaction.headers, self._fields, token=token, tenant=tenant)
        removals = (*plan.removals, *fields.removals)
        if len(removals) > MAX_REMOVALS:
            return Plan(reply=FLOODED)
        path = self._return_paths.make(sender, token, now_s) if self._return_paths else None
        return replace(
            plan,
            removals=removals,
            additions=(*plan.additions, *fields.additions),
            new_sender=plan.new_sender if path is None else path,
        )

    def _token(self, plan: Plan, transaction: Transaction, tenant: str, now_s: float) -> str:
        is_needed = self._fields.cfbl_address or (self._return_paths and self._return_paths.needs_token)
        if not is_needed:
            return ""
        message_id = delivered_headers(transaction, plan).first(b"message-id")
        return mint(
            self._keys,
            tenant=tenant,
            pool=self._pool,
            recipients=[recipient.address.text for recipient in transaction.recipients],
            message_id=message_id.value if message_id is not None else b"",
            now_s=now_s,
        )

    def _with_recipients(self, plan: Plan, transaction: Transaction, now_s: float) -> Plan:
        """Give mail to our return paths to those whom it is for, whoever sends it: not every answer is null."""
        if self._return_paths is None:
            return plan
        given = [
            recipient.address.text
            for recipient in transaction.recipients
            if recipient.address.text not in plan.dropped_recipients
        ]
        returned = {address: found for address in given if (found := self._return_paths.read(address, now_s))}
        restored = {address: found.address for address, found in returned.items() if found.address}
        if not restored:
            return plan
        present = {*given, *plan.new_recipients, *plan.silent_recipients}
        missing = dict.fromkeys(address for address in restored.values() if address not in present)
        return replace(
            plan,
            new_recipients=(*plan.new_recipients, *missing),
            dropped_recipients=(*plan.dropped_recipients, *restored),
        )
