# SPDX-License-Identifier: GPL-3.0-or-later
"""The ARC set on mail from outside that goes on, or that we change: the last thing that is added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from postward.actions.delivery import delivered_headers
from postward.actions.results_field import OutboundResults, results_field
from postward.errors import StageError
from postward.model.not_remembered import NotRemembered
from postward.model.origin import Direction
from postward.model.signing import SigningOutcome
from postward.pipeline.delivered_digests import delivered_digests
from postward.signing.arc import Sealer, SealWhen, reason_to_seal
from postward.signing.arc.signed_content import changes_signed_content
from postward.signing.arc.when import is_forwarded

if TYPE_CHECKING:
    from postward.checks.examination import Examination
    from postward.directory.entry import DomainEntry
    from postward.model.action import Plan


class HostedDomains(Protocol):
    """The part of the directory that is asked here; see ``directory.directory.Directory``."""

    @property
    def is_empty(self) -> bool:
        """No domain is known to be hosted."""
        ...

    def recall_domain(self, name: str) -> DomainEntry | NotRemembered | None:
        """Tell what is remembered of a domain."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingSettings:
    """Which mail is sealed, and in whose name the results are reported."""

    when: frozenset[SealWhen]
    authserv_id: str
    sealer: Sealer | None
    """None where its key cannot be used: mail goes on without a seal, and that is told."""


class SealingStage:
    """Seals mail from outside."""

    def __init__(self, settings: SealingSettings, directory: HostedDomains) -> None:
        self._settings = settings
        self._directory = directory

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Add the ARC set, or say in ``transaction.signing`` why there is none."""
        transaction = examination.transaction
        if transaction.origin.direction is not Direction.INBOUND or not self._is_to_be_sealed(plan, examination):
            return plan
        sealer = self._settings.sealer
        if sealer is None:
            transaction.signing = SigningOutcome(unsealed_reason="the key cannot be used", seal_unusable=True)
            return plan
        headers = delivered_headers(transaction, plan)
        results = self._results(examination)
        digests = delivered_digests(plan, examination)
        sealing = sealer.seal(headers, digests, transaction.facts.arc, results, examination.now_s)
        transaction.signing = SigningOutcome(
            sealed_by=sealer.name if sealing.fields else "", unsealed_reason=sealing.unsealed_reason
        )
        return replace(plan, additions=(*sealing.fields, *plan.additions))

    def _results(self, examination: Examination) -> bytes:
        """What we have found, also where the message itself gets no Authentication-Results."""
        transaction, authserv_id = examination.transaction, self._settings.authserv_id
        if transaction.decision is None:
            raise StageError("decision")
        field = results_field(transaction, transaction.decision, authserv_id=authserv_id, outbound=OutboundResults.NONE)
        return field.value if field else authserv_id.encode("ascii") + b"; none"

    def _is_to_be_sealed(self, plan: Plan, examination: Examination) -> bool:
        transaction, when = examination.transaction, self._settings.when
        recipients = [recipient.address.text for recipient in transaction.recipients]
        kept = [recipient for recipient in recipients if recipient not in plan.dropped_recipients]
        # What rules keep goes on later, as it is now.
        later = transaction.rules.result.kept_for if transaction.rules is not None else ()
        final = [*kept, *later, *plan.new_recipients, *plan.silent_recipients]
        return (
            reason_to_seal(
                when,
                forwarded=SealWhen.FORWARDED in when and is_forwarded(final, self._is_hosted),
                modified=SealWhen.MODIFIED in when and changes_signed_content(transaction.headers, plan),
            )
            is not None
        )

    def _is_hosted(self, domain: str) -> bool | None:
        if self._directory.is_empty:
            return None
        entry = self._directory.recall_domain(domain)
        return None if isinstance(entry, NotRemembered) else entry is not None
