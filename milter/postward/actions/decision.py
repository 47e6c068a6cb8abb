# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the verdict, once, from the score, what DMARC calls for, and what scanners have found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postward.actions.disposition import DmarcEnforcement, dmarc_disposition
from postward.actions.scan_disposition import ScanSettings, scan_decision
from postward.actions.submission import SubmissionSettings, decide_outbound
from postward.model.action import Reply
from postward.model.dmarc import DmarcDisposition
from postward.model.origin import Direction
from postward.model.verdict import Decision, Verdict

if TYPE_CHECKING:
    from postward.model.transaction import Transaction

SPAM = Reply(code=550, enhanced="5.7.1", text="Message refused as spam")
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}
"""From the mildest to the harshest."""
_OF_POLICY = frozenset({"DMARC_FAIL_NONE", "DMARC_FAIL_QUARANTINE", "DMARC_FAIL_REJECT", "FROM_MULTIPLE"})
_DISPOSITIONS = {
    Verdict.HAM: DmarcDisposition.NONE,
    Verdict.SUSPECT: DmarcDisposition.NONE,
    Verdict.JUNK: DmarcDisposition.QUARANTINE,
    Verdict.QUARANTINE: DmarcDisposition.QUARANTINE,
    # DMARC calls for none of this: it is what a rule has decided.
    Verdict.DISCARD: DmarcDisposition.NONE,
    # Nothing is done yet to a message that comes again.
    Verdict.DEFER: DmarcDisposition.NONE,
    Verdict.REJECT: DmarcDisposition.REJECT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSettings:
    """What a score leads to, how DMARC is enforced, what our own users may send, and what becomes of viruses."""

    suspect_threshold: float = 3.0
    junk_threshold: float = 5.0
    reject_threshold: float | None = None
    dmarc: DmarcEnforcement = field(default_factory=DmarcEnforcement)
    submission: SubmissionSettings = field(default_factory=SubmissionSettings)
    scans: ScanSettings = field(default_factory=ScanSettings)


def decide(transaction: Transaction, settings: DecisionSettings) -> Decision:
    """Give the verdict with its reason; mail that is not judged is ham, unless a scanner has found a virus in it."""
    return with_scans(_by_origin(transaction, settings), transaction, settings)


def with_scans(decision: Decision, transaction: Transaction, settings: DecisionSettings) -> Decision:
    """Give the harsher of a decision and what the scanners call for."""
    # Mail of our own users bears no mark, by which anybody could tell the virus.
    is_marked = transaction.origin.direction is Direction.INBOUND
    scanned = scan_decision(transaction.facts, settings.scans, is_marked=is_marked)
    if scanned is None or _SEVERITY[scanned.verdict] < _SEVERITY[decision.verdict]:
        return decision
    return replace(scanned, dmarc_disposition=decision.dmarc_disposition)


def _by_origin(transaction: Transaction, settings: DecisionSettings) -> Decision:
    direction = transaction.origin.direction
    if direction is Direction.INBOUND:
        return _inbound(transaction, settings)
    if direction is Direction.OUTBOUND:
        decision = decide_outbound(transaction.facts.sender_rights, settings.submission)
        return decision if decision.reason else replace(decision, reason=_not_judged(transaction))
    return Decision(verdict=Verdict.HAM, reason=_not_judged(transaction))


def _inbound(transaction: Transaction, settings: DecisionSettings) -> Decision:
    disposition = dmarc_disposition(transaction, settings.dmarc)
    # What exempts a message from the policy that it fails exempts it from what the failure counts.
    is_exempt = disposition.verdict is Verdict.HAM and bool(disposition.reason)
    score = _without_dmarc(transaction) if is_exempt else transaction.score
    scored = _by_score(score, settings)
    if _SEVERITY[scored.verdict] > _SEVERITY[disposition.verdict]:
        return replace(scored, dmarc_disposition=_DISPOSITIONS[disposition.verdict])
    if disposition.reason:
        return Decision(
            verdict=disposition.verdict,
            reason=disposition.reason,
            dmarc_disposition=_DISPOSITIONS[disposition.verdict],
        )
    return scored


def _by_score(score: float, settings: DecisionSettings) -> Decision:
    junk, reject = settings.junk_threshold, settings.reject_threshold
    if reject is not None and score >= max(reject, junk):
        return Decision(verdict=Verdict.REJECT, reason=f"score {score:g}, refused from {reject:g} on", reply=SPAM)
    if score >= junk:
        return Decision(verdict=Verdict.JUNK, reason=f"score {score:g} of {junk:g}")
    reason = f"score {score:g}, junk from {junk:g} on"
    return Decision(verdict=Verdict.SUSPECT if score >= settings.suspect_threshold else Verdict.HAM, reason=reason)


def _without_dmarc(transaction: Transaction) -> float:
    counted = (each.score for each in transaction.symbols if each.name in _OF_POLICY and each.score > 0)
    return round(transaction.score - sum(counted), 3)


def _not_judged(transaction: Transaction) -> str:
    return f"not judged: {transaction.origin.reason}"
