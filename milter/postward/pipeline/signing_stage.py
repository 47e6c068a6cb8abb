# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM signatures of our own users' mail: the last thing that is added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.actions.delivery import delivered_headers
from postward.actions.submission import may_sign
from postward.errors import KeysUnusable
from postward.model.action import Plan, Reply
from postward.model.origin import Direction
from postward.model.signing import SigningOutcome
from postward.pipeline.delivered_digests import delivered_digests
from postward.signing.dkim_sign import sign_message

if TYPE_CHECKING:
    from postward.checks.examination import Examination
    from postward.signing.dkim_sign import DkimSigningSettings
    from postward.signing.signing_key import Keyring

UNUSABLE = Reply(code=451, enhanced="4.7.5", text="Message could not be signed, please try again later")


class SigningStage:
    """Signs with the keys of the author's domain.

    ``defers_on_unusable``: what becomes of mail of a domain whose keys cannot be used; False lets it go unsigned.
    """

    def __init__(self, keyring: Keyring, settings: DkimSigningSettings, *, defers_on_unusable: bool) -> None:
        self._keyring = keyring
        self._settings = settings
        self._defers_on_unusable = defers_on_unusable

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Add the signatures, or say in ``transaction.signing`` why there are none."""
        transaction = examination.transaction
        if transaction.origin.direction is not Direction.OUTBOUND:
            return plan
        try:
            return self._signed(plan, examination)
        except KeysUnusable as error:
            transaction.signing = SigningOutcome(unsigned_reason=str(error), keys_unusable=True)
            return Plan(reply=UNUSABLE) if self._defers_on_unusable else plan

    def _signed(self, plan: Plan, examination: Examination) -> Plan:
        transaction, now_s = examination.transaction, examination.now_s
        reason = may_sign(transaction)
        rights = transaction.facts.sender_rights
        if reason or rights is None:
            transaction.signing = SigningOutcome(unsigned_reason=reason)
            return plan
        domain = rights.author.rpartition("@")[2]
        keys = self._keyring.keys_for(domain, rights.tenant, now_s)
        if not keys:
            transaction.signing = SigningOutcome(unsigned_reason=f"{domain} has no key")
            return plan
        fields = sign_message(
            delivered_headers(transaction, plan),
            delivered_digests(plan, examination),
            keys,
            self._settings,
            author_domain=domain,
            now_s=now_s,
        )
        transaction.signing = SigningOutcome(signed_by=tuple(f"{key.domain}:{key.selector}" for key in keys))
        return replace(plan, additions=(*fields, *plan.additions))
