# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of ``postward scan --json``: its form is documented and stable."""

from __future__ import annotations

import base64
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from postward.actions.delivery import delivered_message
from postward.app.rule_report import rule_report
from postward.app.score_report import score_report
from postward.errors import StageError
from postward.model.arc import ArcResult, ArcStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postward.app.score_report import Thresholds
    from postward.model.action import HeaderChange, Plan, RemoveHeader, Reply
    from postward.model.rule_outcome import RuleMatch
    from postward.model.sender_rights import SenderRights
    from postward.model.signing import SigningOutcome
    from postward.model.transaction import Facts, Transaction
    from postward.model.verdict import Decision

NOT_CHECKED = "not checked"
_NONE_REFUSED: Mapping[str, Reply] = MappingProxyType({})


def scan_report(
    transaction: Transaction,
    authentication_results: bytes | None,
    refused: Mapping[str, Reply] = _NONE_REFUSED,
    recipient_matches: Sequence[RuleMatch] = (),
    thresholds: Thresholds | None = None,
) -> dict[str, Any]:
    """Tell all that was found and planned; text from outside stands unescaped in its values.

    Raises StageError for a message that was not evaluated.

    ``refused`` are the recipients that would have been refused before; where that is all, so is the message.
    ``recipient_matches`` are of the rules that matched by then.
    ``thresholds`` are those in force for its recipients, None for mail that is not scored.
    ``authentication_results`` is the value of our field, which a message that is refused or left untouched has not got.
    """
    facts, plan, decision = transaction.facts, transaction.plan, transaction.decision
    if plan is None or decision is None:
        raise StageError("decision and plan")
    return {
        **_facts(facts, decision, is_bounce=transaction.sender.address.is_null),
        "authentication_results": _text(authentication_results),
        **score_report(transaction, thresholds),
        "verdict": decision.verdict,
        "reason": decision.reason,
        "direction": transaction.origin.direction,
        "origin_reason": transaction.origin.reason,
        "not_checked": facts.not_checked,
        "sender_rights": _sender_rights(facts.sender_rights),
        "signing": _signing(transaction.signing),
        "rules": [rule_report(match) for match in (*recipient_matches, *_matches(transaction))],
        "actions": _actions(transaction, plan),
        "reply": _reply(_first_reply(transaction, plan, refused)),
        "refused_recipients": {address: _reply(reply) for address, reply in refused.items()},
        "modified_message": _modified(transaction, plan),
        "stage_ms": {stage: round(spent, 3) for stage, spent in transaction.stage_ms.items()},
    }


def _matches(transaction: Transaction) -> tuple[RuleMatch, ...]:
    return transaction.rules.matches if transaction.rules is not None else ()


def _facts(facts: Facts, decision: Decision, *, is_bounce: bool) -> dict[str, Any]:
    return {
        "spf": _spf(facts.spf or _no_spf(is_bounce=is_bounce)),
        "spf_helo": _spf(facts.spf_helo) if facts.spf_helo else None,
        "dkim": [
            {
                "result": result.status,
                "domain": result.domain,
                "selector": result.selector,
                "identity": result.identity,
                "algorithm": result.algorithm,
                "key_bits": result.key_bits,
                "unsigned_bytes": result.unsigned_bytes,
                "testing": result.testing,
                "reason": result.reason,
            }
            for result in facts.dkim or ()
        ],
        "arc": _arc(facts),
        "dmarc": _dmarc(facts, decision),
        "iprev": _iprev(facts),
    }


def _iprev(facts: Facts) -> dict[str, Any]:
    if facts.iprev is None:
        return {"result": "none", "name": None, "reason": NOT_CHECKED}
    return {"result": facts.iprev.status, "name": facts.iprev.name, "reason": facts.iprev.reason}


def _no_spf(*, is_bounce: bool) -> SpfResult:
    scope = SpfScope.HELO if is_bounce else SpfScope.MFROM
    return SpfResult(status=SpfStatus.NONE, scope=scope, domain="", identity="", problem=NOT_CHECKED)


def _spf(result: SpfResult) -> dict[str, Any]:
    return {
        "result": result.status,
        "domain": result.domain,
        "scope": result.scope,
        "identity": result.identity,
        "mechanism": result.mechanism,
        "reason": result.problem,
    }


def _arc(facts: Facts) -> dict[str, Any]:
    arc = facts.arc or ArcResult(status=ArcStatus.NONE, reason=NOT_CHECKED)
    return {"result": arc.status, "sealer": arc.sealer, "instances": len(arc.sets), "reason": arc.reason}


def _dmarc(facts: Facts, decision: Decision) -> dict[str, Any]:
    dmarc = facts.dmarc or DmarcResult(status=DmarcStatus.NONE, reason=NOT_CHECKED)
    return {**_dmarc_result(dmarc), "disposition": decision.dmarc_disposition, "override": _override(facts)}


def _dmarc_result(dmarc: DmarcResult) -> dict[str, Any]:
    return {
        "result": dmarc.status,
        "domain": dmarc.domain,
        "org_domain": dmarc.org_domain,
        "policy": dmarc.policy,
        "policy_domain": dmarc.policy_domain,
        "aligned_by": list(dmarc.aligned_by),
        "problem": dmarc.problem,
        "reason": dmarc.reason,
    }


def _override(facts: Facts) -> dict[str, Any] | None:
    override = facts.arc_override
    if override is None:
        return None
    return {"sealer": override.sealer, "instance": override.instance, "aligned_by": list(override.aligned_by)}


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _actions(transaction: Transaction, plan: Plan) -> list[dict[str, Any]]:
    discarded = [{"type": "discard"}] if plan.discards else []
    body = [] if plan.new_body is None else [{"type": "replace_body", "size": len(plan.new_body)}]
    held = [{"type": "quarantine", "reason": plan.hold.reason}] if plan.hold else []
    return [*discarded, *_header_changes(transaction, plan), *body, *held, *_envelope_changes(plan)]


def _header_changes(transaction: Transaction, plan: Plan) -> Iterator[dict[str, Any]]:
    for change in plan.changes:
        value = change.value.decode("utf-8", "replace")
        yield {"type": "change_header", **_numbered(change), "value": value}
    for removal in plan.removals:
        value = transaction.headers[removal.position].value.decode("utf-8", "replace").strip()
        yield {"type": "remove_header", **_numbered(removal), "value": value}
    for addition in plan.additions:
        yield {"type": "add_header", "name": addition.name, "value": addition.value.decode("utf-8", "replace")}


def _numbered(field: HeaderChange | RemoveHeader) -> dict[str, Any]:
    return {"name": field.name.decode("utf-8", "replace"), "occurrence": field.occurrence}


def _envelope_changes(plan: Plan) -> Iterator[dict[str, Any]]:
    if plan.new_sender is not None:
        yield {"type": "change_sender", "address": plan.new_sender}
    yield from ({"type": "add_recipient", "address": address} for address in plan.new_recipients)
    yield from ({"type": "add_recipient", "address": each, "notify": "never"} for each in plan.silent_recipients)
    yield from ({"type": "remove_recipient", "address": address} for address in plan.dropped_recipients)


def _sender_rights(rights: SenderRights | None) -> dict[str, Any] | None:
    """Of mail of our own users; None for that of others."""
    if rights is None:
        return None
    return {
        "envelope": rights.envelope,
        "header_from": rights.header_from,
        "identity": rights.identity,
        "tenant": rights.tenant,
    }


def _signing(outcome: SigningOutcome | None) -> dict[str, Any] | None:
    """None where nothing was to be signed or sealed."""
    if outcome is None:
        return None
    return {
        "signed_by": list(outcome.signed_by),
        "unsigned_reason": outcome.unsigned_reason,
        "sealed_by": outcome.sealed_by,
        "unsealed_reason": outcome.unsealed_reason,
    }


def _first_reply(transaction: Transaction, plan: Plan, refused: Mapping[str, Reply]) -> Reply | None:
    recipients = [recipient.address.text for recipient in transaction.recipients]
    is_refused_whole = bool(recipients) and all(recipient in refused for recipient in recipients)
    return refused[recipients[0]] if is_refused_whole else plan.reply


def _reply(reply: Reply | None) -> dict[str, Any] | None:
    if reply is None:
        return None
    return {"code": reply.code, "enhanced": reply.enhanced, "text": reply.text}


def _modified(transaction: Transaction, plan: Plan) -> str | None:
    """The whole message where something of it is changed; header fields that are only added are in ``actions``."""
    if not (plan.removals or plan.changes) and plan.new_body is None:
        return None
    return base64.b64encode(delivered_message(transaction, plan)).decode("ascii")
