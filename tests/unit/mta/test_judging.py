# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time

import pytest

import milter
from postward.model.action import NOTHING, AddHeader, Plan
from postward.model.transaction import Transaction
from postward.mta.engine import Outcome
from postward.mta.judging import TRY_AGAIN, Judge
from postward.mta.pools import Pools
from postward.mta.settings import FailureAction, MtaSettings
from postward.observability.logger import EventLog

JUDGED = Plan(additions=(AddHeader(name="X-Judged", value=b"yes"),))
FALLBACK = Plan(additions=(AddHeader(name="X-Fallback", value=b"yes"),))


class Context:
    def __init__(self, *, mta_is_gone=False):
        self.progressed = 0
        self.mta_is_gone = mta_is_gone

    def progress(self):
        self.progressed += 1
        if self.mta_is_gone:
            raise milter.error


class Engine:
    def __init__(self, evaluate, fallback=lambda: FALLBACK):
        self._evaluate = evaluate
        self._fallback = fallback
        self.reasons = []

    def evaluate(self, transaction):
        self._evaluate(transaction)

    def fallback(self, transaction, reason):
        self.reasons.append(reason)
        return self._fallback()


@pytest.fixture
def gate():
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def judge(tmp_path):
    with (tmp_path / "log").open("wb") as log:

        def make(engine, **settings):
            quick = {"deadline_s": 0.3, "progress_interval_s": 0.05} | settings
            return Judge(engine, Pools(2), MtaSettings(**quick), EventLog(fd=log.fileno()), monotonic=time.monotonic)

        yield make


def transaction():
    return Transaction("t1", started_s=0.0)


def set_plan(subject):
    subject.plan = JUDGED


def fail(*_):
    raise ValueError("broken")


def test_the_plan_of_the_evaluation(judge):
    judgement = judge(Engine(set_plan)).judge(transaction(), Context())
    assert (judgement.plan, judgement.outcome) == (JUDGED, Outcome.EVALUATED)


@pytest.mark.parametrize("evaluate", [fail, lambda _: None])
def test_an_evaluation_without_result_falls_back(judge, evaluate):
    engine = Engine(evaluate)
    judgement = judge(engine).judge(transaction(), Context())
    assert (judgement.plan, judgement.outcome) == (FALLBACK, Outcome.FAILED)
    assert judgement.transaction.plan == FALLBACK
    assert len(engine.reasons) == 1


def test_the_deadline(judge, gate):
    late = threading.Event()

    def evaluate(subject):
        gate.wait()
        subject.facts.not_checked["spf"] = "late"
        set_plan(subject)
        late.set()

    ctx, given = Context(), transaction()
    judgement = judge(Engine(evaluate)).judge(given, ctx)
    assert (judgement.plan, judgement.outcome) == (FALLBACK, Outcome.TIMED_OUT)
    assert ctx.progressed
    gate.set()
    assert late.wait(20)
    # What comes late goes to a transaction that nobody looks at.
    assert given.plan == JUDGED
    assert judgement.transaction.plan == FALLBACK


def test_an_mta_that_has_gone_is_not_waited_for(judge, gate):
    ctx = Context(mta_is_gone=True)
    judgement = judge(Engine(lambda _: gate.wait()), deadline_s=1000.0).judge(transaction(), ctx)
    assert judgement.outcome is Outcome.TIMED_OUT
    assert ctx.progressed == 1


@pytest.mark.parametrize(
    ("action", "plan"), [(FailureAction.ACCEPT, NOTHING), (FailureAction.TEMPFAIL, Plan(reply=TRY_AGAIN))]
)
def test_where_the_fallback_fails_the_bare_action_is_left(judge, action, plan):
    judgement = judge(Engine(fail, fallback=fail), failure_action=action).judge(transaction(), Context())
    assert judgement.plan == plan


def test_what_a_given_up_evaluation_still_finds_does_not_reach_who_tells_of_the_message(judge, gate):
    subject, has_written = transaction(), threading.Event()

    def evaluate(message):
        gate.wait()
        message.stage_ms["dkim"] = 1.0
        message.facts.not_checked["dkim"] = "internal error"
        message.plan = JUDGED
        has_written.set()

    told = judge(Engine(evaluate)).judge(subject, Context()).transaction
    gate.set()
    assert has_written.wait(10)
    assert (told.stage_ms, told.facts.not_checked, told.plan) == ({}, {}, FALLBACK)
