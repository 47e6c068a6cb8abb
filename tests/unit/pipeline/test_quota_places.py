# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits in the pipeline: a place is taken before the checks, and nothing is refused twice."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.actions.decision import DecisionSettings
from postward.actions.plan import OutputSettings
from postward.checks.origin import OriginSettings
from postward.dns.zone import ZoneLookup
from postward.model.connection import Connection
from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaLimits
from postward.model.verdict import Verdict
from postward.pipeline.evaluation import Pipeline, PipelineSettings
from postward.pipeline.quota_policy import Allowance, QuotaPolicy, SubjectPolicy
from postward.pipeline.quota_stage import QuotaSettings, QuotaStage
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.store.quotas.local_quotas import LocalQuotas
from tests.unit.pipeline.passing import examination


class Watcher:
    def exceeded(self, _transaction, _excess):
        pass


class Check:
    """Calls what the test wants while the message is judged."""

    name = "spf"
    requires = ()

    def __init__(self):
        self.meanwhile = lambda: None

    def applies(self, _origin):
        return True

    def results(self, _facts):
        return ()

    def run(self, _examination):
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()


@pytest.fixture
def check():
    return Check()


@pytest.fixture
def stage():
    policy = SubjectPolicy(default=Allowance(limits=QuotaLimits(concurrent=1, messages_per_hour=2)))
    return QuotaStage(
        QuotaPolicy(subjects={QuotaSubject.CLIENT: policy}),
        QuotaSettings(),
        store=None,
        local=LocalQuotas(1),
        endings=None,
        watcher=Watcher(),
    )


@pytest.fixture
def evaluate(check, stage):
    settings = PipelineSettings(
        origin=OriginSettings(),
        decision=DecisionSettings(),
        output=OutputSettings(authserv_id="mx.example.org"),
        scale=DEFAULT_SCALE,
    )
    pipeline = Pipeline(settings, [check], mark=None, quotas=stage)
    numbers = iter(range(100))

    def evaluate():
        transaction = examination(user="", sender="ann@example.com", recipients=("bob@example.org",)).transaction
        transaction.id = f"t{next(numbers)}"
        transaction.connection = Connection(address=ip_address("192.0.2.9"))
        pipeline.evaluate(transaction, ZoneLookup({}))
        stage.finished(transaction, "evaluated")
        return transaction

    return evaluate


def test_what_comes_while_another_is_judged_has_no_place(check, evaluate):
    others = []
    check.meanwhile = lambda: others.append(evaluate())
    first = evaluate()
    (second,) = others
    assert (first.decision.verdict, first.plan.reply) == (Verdict.HAM, None)
    assert second.decision.verdict is Verdict.DEFER
    assert second.plan.reply.text == "Too many messages from this client at the same time; please try again later"
    assert evaluate().decision.verdict is Verdict.HAM


def test_over_the_limit_a_message_is_planned_to_be_refused(evaluate):
    assert [evaluate().decision.verdict for _ in range(3)] == [Verdict.HAM, Verdict.HAM, Verdict.DEFER]
