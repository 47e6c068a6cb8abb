"""Take the verdict, once, from the score and what DMARC calls for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postward.actions.disposition import DmarcEnforcement, dmarc_disposition
from postward.actions.submission import SubmissionSettings, decide_outbound
from postward.model.dmarc import DmarcDisposition
from postward.model.origin import Direction
from postward.model.verdict import Decision, Verdict

if TYPE_CHECKING:
    from postward.model.transaction import Transaction


_DISPOSITIONS = {
    Verdict.HAM: DmarcDisposition.NONE,
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
    """From which score on a message is junk, how DMARC is enforced, and what our own users may send."""

    junk_threshold: float = 5.0
    dmarc: DmarcEnforcement = field(default_factory=DmarcEnforcement)
    submission: SubmissionSettings = field(default_factory=SubmissionSettings)


def decide(transaction: Transaction, settings: DecisionSettings) -> Decision:
    """Give the verdict with its reason; mail that is not judged is ham."""
    if transaction.origin.direction is Direction.OUTBOUND:
        decision = decide_outbound(transaction.facts.sender_rights, settings.submission)
        return decision if decision.reason else replace(decision, reason=_not_judged(transaction))
    if transaction.origin.direction is not Direction.INBOUND:
        return Decision(verdict=Verdict.HAM, reason=_not_judged(transaction))
    disposition = dmarc_disposition(transaction, settings.dmarc)
    if disposition.verdict is not Verdict.HAM:
        return Decision(
            verdict=disposition.verdict,
            reason=disposition.reason,
            dmarc_disposition=_DISPOSITIONS[disposition.verdict],
        )
    if transaction.score >= settings.junk_threshold and not disposition.reason:
        return Decision(verdict=Verdict.JUNK, reason=f"score {transaction.score:g} of {settings.junk_threshold:g}")
    return Decision(verdict=Verdict.HAM, reason=disposition.reason or _mild(transaction, settings))


def _not_judged(transaction: Transaction) -> str:
    return f"not judged: {transaction.origin.reason}"


def _mild(transaction: Transaction, settings: DecisionSettings) -> str:
    return f"score {transaction.score:g}, junk from {settings.junk_threshold:g} on"
