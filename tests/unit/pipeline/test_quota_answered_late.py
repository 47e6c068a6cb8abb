# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis misses the question before the checks, and answers the one behind them."""

from __future__ import annotations

import pytest

from postward.checks.examination import Examination
from postward.dns.zone import ZoneLookup
from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaLimits
from postward.model.verdict import Verdict
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch
from tests.unit.pipeline.quota_host import HAM, NOW_S, Calls, Host

LIMITS = QuotaLimits(messages_per_hour=3, concurrent=2)


@pytest.fixture
def host():
    with Scratch() as folder, RedisServer(folder / "redis") as server:
        host = Host(Calls(server.url))
        yield host
        for stage in host.stages:
            stage.close()
        host.calls.client.close()


def judged(host, **message):
    """One message whose first question is missed."""
    message, stage = host.message(**message), host.stages[0]
    host.calls.is_silent = True
    stage.enter(message)
    host.calls.is_silent = False
    message.decision = stage.judge(message, HAM, Examination(message, ZoneLookup({}), NOW_S))
    return message


@pytest.mark.parametrize("user", ["alice", ""])
def test_the_answer_counts_and_nothing_is_said_not_to_be_checked(host, user):
    host.limit(login=LIMITS, client=LIMITS, tenant=LIMITS)
    message = judged(host, user=user)
    assert message.decision is HAM
    assert message.facts.not_checked == {}
    assert not message.facts.quota.is_local


@pytest.mark.parametrize(("user", "subject", "name"), [("alice", "login", "alice"), ("", "client", "203.0.113.9")])
def test_it_is_counted_once_and_leaves_nothing_behind(host, user, subject, name):
    host.limit(login=LIMITS, client=LIMITS)
    for _ in range(2):
        host.finish(judged(host, user=user))
    host.finish(judged(host, user=user), outcome="aborted")
    store, subject = host.stages[0]._store, QuotaSubject(subject)
    usage = store.usage(subject, name)
    assert (usage.messages_per_hour, usage.concurrent) == (2, 0)
    assert host.sent(user=user) == 1
    assert host.finish(judged(host, user=user)).decision.verdict is Verdict.DEFER
    # What this process took by itself for want of an answer is over too.
    usage = host.stages[0]._local.usage(subject, name)
    assert (usage.messages_per_hour, usage.concurrent) == (3 if user else 0, 0)
