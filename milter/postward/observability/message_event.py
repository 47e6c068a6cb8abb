# SPDX-License-Identifier: GPL-3.0-or-later
"""One message as one event: what is known of it, what was decided, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.model.dkim import DkimStatus
from postward.model.verdict import Verdict
from postward.observability.event import Event, FieldValue, Level
from postward.observability.privacy import AddressPrivacy, show_address, show_text
from postward.observability.sender_fields import quota_fields, reputation_fields

if TYPE_CHECKING:
    from postward.model.dkim import DkimResult
    from postward.model.rule_outcome import RuleOutcome
    from postward.model.transaction import Facts, Transaction

EVENT_NAME = "message.verdict"
EVALUATED, SHED, ABORTED = "evaluated", "shed", "aborted"
_ACCEPTED = "accept"
_MAX_MESSAGE_ID_BYTES = 998
"""The longest line of a header (RFC 5322 section 2.1.1)."""
_FIRST_5XX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEventSettings:
    """How messages are told."""

    addresses: AddressPrivacy = AddressPrivacy.FULL
    mode: str = "enforce"
    """enforce, or monitor: everything computed, nothing done."""


def message_event(
    transaction: Transaction, settings: MessageEventSettings, *, outcome: str, reply: str, now_s: float
) -> Event:
    """Describe a message that is done with, at Unix time ``now_s``.

    ``outcome`` and ``reply`` are the words of ``mta.engine``.  Facts that were never established are left out.
    """
    action = action_of(transaction, outcome)
    fields: dict[str, FieldValue] = {
        **_envelope(transaction, settings.addresses),
        **_decision(transaction, settings.addresses),
        "action": action,
        "outcome": outcome if outcome != EVALUATED else None,
        "reply": reply if reply not in {"", _ACCEPTED} else None,
        "mode": settings.mode,
        **_rules(transaction.rules),
        **_spf(transaction.facts, settings.addresses),
        **_dkim(transaction.facts.dkim, settings.addresses),
        **_arc(transaction.facts, settings.addresses),
        **_dmarc(transaction.facts, settings.addresses),
        **_iprev(transaction.facts, settings.addresses),
        **_scans(transaction.facts, settings.addresses),
        **_greylisting(transaction.facts, settings.addresses),
        **reputation_fields(transaction.facts),
        **quota_fields(transaction.facts, settings.addresses),
        **_sender_rights(transaction.facts),
        **_signing(transaction, settings.addresses),
        "contributions": {symbol.name: symbol.score for symbol in transaction.symbols} or None,
        "ms": {stage: spent for stage, spent in transaction.stage_ms.items() if stage != "total"} or None,
        "total_ms": total_ms(transaction, now_s),
    }
    level = Level.WARNING if action == "error" else Level.INFO
    return Event(name=EVENT_NAME, level=level, time_s=now_s, fields=fields)


def action_of(transaction: Transaction, outcome: str) -> str:
    """Return the word for what was done.

    accept, junk, quarantine, discard, defer or reject, as the plan says; aborted where the client gave the message up;
    error where the failure action was taken.
    """
    plan, decision = transaction.plan, transaction.decision
    if outcome == ABORTED:
        return "aborted"
    if outcome not in {EVALUATED, SHED} or plan is None:
        return "error"
    if plan.reply is not None:
        return "reject" if plan.reply.code >= _FIRST_5XX else "defer"
    if plan.discards:
        return "discard"
    if plan.hold is not None:
        return "quarantine"
    is_junk = decision is not None and decision.verdict is Verdict.JUNK
    return "junk" if is_junk and plan.additions else "accept"


def total_ms(transaction: Transaction, now_s: float) -> float:
    """Return the milliseconds from MAIL FROM to the answer; never negative, whatever the wall clock does."""
    return transaction.stage_ms.get("total", max(0.0, (now_s - transaction.started_s) * 1000))


def _envelope(transaction: Transaction, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    origin, connection, sender = transaction.known_origin, transaction.known_connection, transaction.known_sender
    address = connection.address if connection is not None else None
    return {
        "id": transaction.id,
        "qid": transaction.queue_id or None,
        "msgid": _message_id(transaction),
        "client": str(address) if address is not None else None,
        "client_name": (connection.name or None) if connection is not None else None,
        "relayed_from": str(origin.client) if origin is not None and origin.relayed_by is not None else None,
        "helo": transaction.helo or None,
        "user": show_address(transaction.authentication.user, privacy) or None,
        "from": show_address(sender.address.text, privacy) if sender is not None else None,
        "rcpts": len(transaction.recipients),
        "direction": origin.direction.value if origin is not None else None,
        "size": _received_bytes(transaction),
    }


def _received_bytes(transaction: Transaction) -> int:
    return sum(len(field.raw) for field in transaction.fields) + transaction.body.size_bytes


def _message_id(transaction: Transaction) -> str | None:
    field = next((field for field in transaction.fields if field.key == b"message-id"), None)
    if field is None:
        return None
    return field.value[:_MAX_MESSAGE_ID_BYTES].decode("utf-8", "surrogateescape").strip() or None


def _decision(transaction: Transaction, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    decision = transaction.decision
    return {
        "verdict": decision.verdict.value if decision is not None else None,
        "score": transaction.score if decision is not None else None,
        "reason": show_text(decision.reason, privacy) if decision is not None else None,
        "not_checked": [f"{check}: {why}" for check, why in transaction.facts.not_checked.items()] or None,
    }


def _rules(outcome: RuleOutcome | None) -> dict[str, FieldValue]:
    if outcome is None:
        return {}
    return {
        "rules": list(dict.fromkeys(match.rule for match in outcome.matches)) or None,
        "tags": sorted(outcome.tags) or None,
        "decided_by": outcome.result.decided_by or None,
    }


def _spf(facts: Facts, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    spf, helo = facts.spf, facts.spf_helo
    return {
        "spf": spf.status.value if spf else None,
        "spf_domain": spf.domain if spf else None,
        "spf_mechanism": (spf.mechanism or None) if spf else None,
        "spf_reason": show_text(spf.problem, privacy) or None if spf else None,
        "spf_helo": helo.status.value if helo else None,
    }


def _dkim(results: tuple[DkimResult, ...] | None, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    if results is None:
        return {}
    reasons = [
        f"{result.domain}:{result.selector}: {show_text(result.reason, privacy)}"
        for result in results
        if result.status is not DkimStatus.PASS and result.reason
    ]
    return {
        "dkim": [f"{result.status.value}:{result.domain}:{result.selector}" for result in results] or ["none"],
        "dkim_reasons": reasons or None,
    }


def _arc(facts: Facts, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    arc = facts.arc
    if arc is None:
        return {}
    return {
        "arc": arc.status.value,
        "arc_sealer": arc.sealer,
        "arc_reason": show_text(arc.reason, privacy) or None,
    }


def _dmarc(facts: Facts, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    dmarc, override = facts.dmarc, facts.arc_override
    if dmarc is None:
        return {}
    return {
        "dmarc": dmarc.status.value,
        "dmarc_policy": dmarc.policy.value if dmarc.policy is not None else None,
        "dmarc_domain": dmarc.domain or None,
        "dmarc_policy_domain": dmarc.policy_domain,
        "dmarc_aligned": list(dmarc.aligned_by) or None,
        "dmarc_reason": show_text(dmarc.reason, privacy) or None,
        "override": f"arc:{override.sealer}" if override is not None else None,
    }


def _iprev(facts: Facts, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    iprev = facts.iprev
    if iprev is None:
        return {}
    return {
        "iprev": iprev.status.value,
        "iprev_name": iprev.name,
        "iprev_reason": show_text(iprev.reason, privacy) or None,
    }


def _scans(facts: Facts, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    scans = facts.scans
    return {
        "scans": [f"{name}:{result.status.value}" for name, result in scans.items()] or None,
        "viruses": [virus for result in scans.values() for virus in result.viruses] or None,
        "scan_scores": {name: result.score for name, result in scans.items() if result.score is not None} or None,
        "scan_reasons": [
            f"{name}: {show_text(result.reason, privacy)}" for name, result in scans.items() if result.reason
        ]
        or None,
    }


def _greylisting(facts: Facts, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    greylisting = facts.greylisting
    return {
        "greylisting": greylisting.status.value if greylisting else None,
        "greylisting_reason": show_text(greylisting.reason, privacy) or None if greylisting else None,
        "greylisting_wait_s": greylisting.wait_s or None if greylisting else None,
    }


def _sender_rights(facts: Facts) -> dict[str, FieldValue]:
    rights = facts.sender_rights
    if rights is None:
        return {}
    return {
        "envelope_right": rights.envelope.value,
        "from_right": rights.header_from.value,
        "tenant": rights.tenant or None,
    }


def _signing(transaction: Transaction, privacy: AddressPrivacy) -> dict[str, FieldValue]:
    outcome = transaction.signing
    if outcome is None:
        return {}
    return {
        "signed": list(outcome.signed_by) or None,
        "unsigned_reason": show_text(outcome.unsigned_reason, privacy) or None,
        "sealed": outcome.sealed_by or None,
        "unsealed_reason": show_text(outcome.unsealed_reason, privacy) or None,
    }
