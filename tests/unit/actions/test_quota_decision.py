# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.quota_decision import is_taken, with_excess
from postward.model.quota import QuotaExcess, QuotaSubject, QuotaUnit
from postward.model.verdict import Decision, Verdict

HAM = Decision(verdict=Verdict.HAM, reason="score 0")


def excess(**values):
    usual = {
        "subject": QuotaSubject.LOGIN, "name": "alice", "unit": QuotaUnit.MESSAGES_PER_HOUR, "limit": 100, "used": 100,
    }  # fmt: skip
    return QuotaExcess(**{**usual, **values})


@pytest.mark.parametrize(
    ("retry_after_s", "when"),
    [(0, "later"), (1, "in 1 minute"), (61, "in 2 minutes"), (3_600, "in 60 minutes"), (3_601, "in 61 minutes"),
     (7_200, "in 120 minutes"), (7_201, "in 3 hours"), (86_400, "in 24 hours")],
)  # fmt: skip
def test_it_is_told_when_to_try_again(retry_after_s, when):
    reply = with_excess(HAM, excess(retry_after_s=retry_after_s), rejects=False).reply
    assert reply.text.endswith(f"; please try again {when}")


@pytest.mark.parametrize("subject", QuotaSubject)
@pytest.mark.parametrize("unit", QuotaUnit)
@pytest.mark.parametrize("is_permanent", [True, False])
@pytest.mark.parametrize("rejects", [True, False])
def test_nothing_from_outside_stands_in_a_reply(subject, unit, is_permanent, rejects):
    decision = with_excess(
        HAM, excess(subject=subject, name="x\r\n250 secret", unit=unit, is_permanent=is_permanent), rejects=rejects
    )
    assert decision.reply.text.isascii()
    assert decision.reply.text.isprintable()
    assert "secret" not in decision.reply.text
    assert len(decision.reply.text) < 200
    assert (decision.reply.code, decision.verdict) == (
        (554, Verdict.REJECT) if is_permanent or rejects else (451, Verdict.DEFER)
    )
    assert ("100" in decision.reply.text) == (subject in {QuotaSubject.LOGIN, QuotaSubject.TENANT})


def test_the_operator_is_told_whose_limit_it_is():
    decision = with_excess(HAM, excess(unit=QuotaUnit.CONCURRENT, limit=3), rejects=False)
    assert decision.reason == "score 0; over the limit of login:alice: 3 messages at the same time"


@pytest.mark.parametrize("verdict", Verdict)
def test_what_is_taken_is_measured(verdict):
    assert is_taken(Decision(verdict=verdict, reason="")) == (verdict not in {Verdict.DEFER, Verdict.REJECT})
