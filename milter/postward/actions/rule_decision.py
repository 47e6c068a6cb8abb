# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules have to say about the verdict; the harshest counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.model.rule_action import Quarantine
from postward.model.rule_outcome import DepositKind
from postward.model.verdict import Decision, Verdict

if TYPE_CHECKING:
    from postward.model.rule_outcome import Deposit, RuleResult

_FIRST_5XX = 500
_SEVERITY = {
    verdict: rank
    for rank, verdict in enumerate((
        Verdict.HAM, Verdict.SUSPECT, Verdict.JUNK, Verdict.QUARANTINE, Verdict.DISCARD, Verdict.DEFER, Verdict.REJECT,
    ))
}  # fmt: skip

_TAKEN_BACK = frozenset({Verdict.SUSPECT, Verdict.JUNK})


def with_rules(decision: Decision, result: RuleResult) -> Decision:
    """Give the decision that is carried out: reject before defer, discard, quarantine and junk.

    ``bypasses_spam`` takes junk back, whatever found it, and nothing harsher: no virus and no refusal is bypassed.
    A rule that itself says junk counts more than one that bypasses.
    """
    mild = _bypassed(decision, result)
    wanted = _wanted(result)
    if wanted is None or _SEVERITY[wanted.verdict] <= _SEVERITY[mild.verdict]:
        return mild
    return replace(wanted, dmarc_disposition=mild.dmarc_disposition, is_virus=mild.is_virus)


def with_virus(result: RuleResult, decision: Decision) -> RuleResult:
    """Give what rules may still want kept of a message that is not to be delivered, for a virus is in it.

    It is held for no moderator, whose approval, or the end of whose time, would deliver it: to those recipients happens
    what ``decision`` says.  In the quarantine, out of which the operator alone lets it go, it is told for what it is.
    """
    if not decision.is_virus or decision.verdict is Verdict.JUNK:
        return result
    moderated = [deposit for deposit in result.deposits if deposit.kind is DepositKind.MODERATE]
    back = {address for deposit in moderated for address in deposit.recipients}
    return replace(
        result,
        deposits=tuple(_told(deposit, decision.reason) for deposit in result.deposits if deposit not in moderated),
        dropped_recipients=tuple(address for address in result.dropped_recipients if address not in back),
        discards=result.discards and not back,
    )


def _told(deposit: Deposit, reason: str) -> Deposit:
    action = deposit.action
    if not isinstance(action, Quarantine):
        return deposit
    return replace(deposit, action=replace(action, reason=f"{reason}; {action.reason}" if action.reason else reason))


def _bypassed(decision: Decision, result: RuleResult) -> Decision:
    if not result.bypasses_spam or decision.is_virus or decision.verdict not in _TAKEN_BACK:
        return decision
    return Decision(verdict=Verdict.HAM, reason=f"{decision.reason}, but a rule bypasses the spam verdict")


def _wanted(result: RuleResult) -> Decision | None:
    reason = f"rule {result.decided_by}" if result.decided_by else "a rule"
    if result.reply is not None:
        verdict = Verdict.REJECT if result.reply.code >= _FIRST_5XX else Verdict.DEFER
        return Decision(verdict=verdict, reason=reason, reply=result.reply)
    if result.discards:
        return Decision(verdict=Verdict.DISCARD, reason=reason)
    if result.hold_reason:
        return Decision(verdict=Verdict.QUARANTINE, reason=result.hold_reason)
    return Decision(verdict=Verdict.JUNK, reason="a rule says junk") if result.junk else None
