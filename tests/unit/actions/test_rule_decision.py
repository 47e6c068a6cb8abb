# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.rule_decision import with_rules, with_virus
from postward.model.action import Reply
from postward.model.dmarc import DmarcDisposition
from postward.model.rule_action import Moderate, Notify, Quarantine
from postward.model.rule_outcome import Deposit, DepositKind, RuleResult
from postward.model.verdict import Decision, Verdict

REJECT = {"reply": Reply(code=550, enhanced="5.7.1", text="no")}
DEFER = {"reply": Reply(code=451, enhanced="4.7.1", text="later")}
DISCARD, HOLD, JUNK, BYPASS = {"discards": True}, {"hold_reason": "why"}, {"junk": True}, {"bypasses_spam": True}


def decided(verdict, **result):
    decision = Decision(verdict=verdict, reason="found", dmarc_disposition=DmarcDisposition.QUARANTINE)
    return with_rules(decision, RuleResult(decided_by="r", **result))


@pytest.mark.parametrize(
    ("verdict", "result", "expected"),
    [
        (Verdict.HAM, {}, Verdict.HAM),
        (Verdict.HAM, JUNK, Verdict.JUNK),
        (Verdict.JUNK, HOLD, Verdict.QUARANTINE),
        (Verdict.QUARANTINE, DISCARD, Verdict.DISCARD),
        (Verdict.QUARANTINE, DEFER, Verdict.DEFER),
        (Verdict.DEFER, REJECT, Verdict.REJECT),
        (Verdict.REJECT, DEFER, Verdict.REJECT),
        (Verdict.REJECT, DISCARD, Verdict.REJECT),
        (Verdict.QUARANTINE, JUNK, Verdict.QUARANTINE),
        (Verdict.JUNK, BYPASS, Verdict.HAM),
        (Verdict.JUNK, BYPASS | JUNK, Verdict.JUNK),
        (Verdict.QUARANTINE, BYPASS, Verdict.QUARANTINE),
        (Verdict.REJECT, BYPASS, Verdict.REJECT),
        (Verdict.DEFER, BYPASS, Verdict.DEFER),
        (Verdict.HAM, BYPASS | REJECT, Verdict.REJECT),
    ],
)
def test_the_harshest_counts_and_only_junk_is_bypassed(verdict, result, expected):
    assert decided(verdict, **result).verdict is expected


def test_the_rule_is_named_and_its_answer_kept():
    decision = decided(Verdict.JUNK, **REJECT)
    assert (decision.reason, decision.reply) == ("rule r", REJECT["reply"])
    assert decision.dmarc_disposition is DmarcDisposition.QUARANTINE


def test_what_was_bypassed_is_told():
    assert decided(Verdict.JUNK, **BYPASS).reason == "found, but a rule bypasses the spam verdict"


ALICE, BOB = "alice@example.org", "bob@example.org"
KINDS = {Moderate: DepositKind.MODERATE, Quarantine: DepositKind.QUARANTINE, Notify: DepositKind.NOTIFY}


def deposit(action, *recipients):
    return Deposit(kind=KINDS[type(action)], rule="r", action=action, recipients=recipients)


def virus(verdict):
    return Decision(verdict=verdict, reason="clamav has found X", is_virus=True)


def test_a_virus_is_held_for_no_moderator_and_those_recipients_share_what_becomes_of_it():
    notice = deposit(Notify(to=("admin",)), ALICE)
    wanted = RuleResult(
        deposits=(deposit(Moderate(by=("boss@example.org",)), ALICE), notice),
        dropped_recipients=(ALICE, BOB),
        discards=True,
    )
    result = with_virus(wanted, virus(Verdict.QUARANTINE))
    assert (result.deposits, result.dropped_recipients, result.discards) == ((notice,), (BOB,), False)
    assert with_rules(virus(Verdict.QUARANTINE), result) == virus(Verdict.QUARANTINE)


@pytest.mark.parametrize(
    ("reason", "told"), [("", "clamav has found X"), ("card numbers", "clamav has found X; card numbers")]
)
def test_a_virus_in_the_quarantine_is_told_for_what_it_is(reason, told):
    wanted = RuleResult(
        deposits=(deposit(Quarantine(reason=reason), ALICE),), dropped_recipients=(ALICE,), discards=True
    )
    result = with_virus(wanted, virus(Verdict.QUARANTINE))
    assert (result.deposits[0].action.reason, result.dropped_recipients, result.discards) == (told, (ALICE,), True)
    decision = with_rules(virus(Verdict.QUARANTINE), result)
    assert (decision.verdict, decision.is_virus) == (Verdict.DISCARD, True)


@pytest.mark.parametrize(
    "decision", [virus(Verdict.JUNK), Decision(verdict=Verdict.QUARANTINE, reason="DMARC")], ids=["marked", "no virus"]
)
def test_what_may_be_delivered_may_be_moderated(decision):
    wanted = RuleResult(deposits=(deposit(Moderate(by=("boss@example.org",)), ALICE),), dropped_recipients=(ALICE,))
    assert with_virus(wanted, decision) is wanted
