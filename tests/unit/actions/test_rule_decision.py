from __future__ import annotations

import pytest

from postward.actions.rule_decision import with_rules
from postward.model.action import Reply
from postward.model.dmarc import DmarcDisposition
from postward.model.rule_outcome import RuleResult
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
