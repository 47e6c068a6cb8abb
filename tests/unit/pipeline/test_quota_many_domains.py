# SPDX-License-Identifier: GPL-3.0-or-later
"""One message to the recipients of very many domains holds up nobody else, and passes no limit by that."""

from __future__ import annotations

import pytest

from postward.model.quota import QuotaSubject, QuotaUnit
from postward.model.quota_limits import QuotaLimits
from postward.model.verdict import Verdict
from postward.pipeline.quota_stage import MAX_DOMAINS
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch
from tests.unit.pipeline.quota_host import HAM, Calls, Host

ONE_AN_HOUR = QuotaLimits(messages_per_hour=1)


class CountedCalls(Calls):
    """Notes how many commands each round trip has."""

    def __init__(self, url):
        super().__init__(url)
        self.round_trips = []

    def call(self, call, *, wait_s=None, insists=False):
        before = self.client.info("stats")["total_commands_processed"]
        answer = super().call(call, wait_s=wait_s, insists=insists)
        self.round_trips.append(self.client.info("stats")["total_commands_processed"] - before)
        return answer


@pytest.fixture
def calls():
    with Scratch() as folder, RedisServer(folder / "redis") as server:
        calls = CountedCalls(server.url)
        yield calls
        calls.client.close()


@pytest.fixture
def host(calls):
    host = Host(calls)
    yield host
    for stage in host.stages:
        stage.close()


def to_domains(number):
    return tuple(f"bob@d{one}.example" for one in range(number))


def test_they_are_asked_for_some_at_a_time(host, calls):
    host.limit(recipient_domain=ONE_AN_HOUR, login=ONE_AN_HOUR)
    message = host.judge(host.message(user="alice", recipients=to_domains(950)))
    assert message.decision is HAM
    # A script is one command, the one within it another, and asking for the numbers one more.
    assert max(calls.round_trips) < 1_000
    assert len(calls.round_trips) == 10
    host.finish(message)
    assert calls.client.dbsize() == 951
    assert host.send(user="bob", recipients=("x@d949.example",)).verdict is Verdict.DEFER


def test_with_too_many_it_is_refused_for_good_and_takes_nothing(host, calls):
    host.limit(recipient_domain=QuotaLimits(messages_per_hour=1, concurrent=1), login=ONE_AN_HOUR)
    message = host.judge(host.message(user="alice", recipients=to_domains(MAX_DOMAINS + 1)))
    assert (message.decision.verdict, message.decision.reply.code) == (Verdict.REJECT, 554)
    assert message.decision.reply.text == (
        "Too many domains of recipients in one message; please send it to fewer at a time"
    )
    assert message.decision.reason == (
        "score 0; over the limit of recipient_domain:*: 1000 domains of recipients in one message"
    )
    host.finish(message)
    assert host.watcher.told == [(QuotaSubject.RECIPIENT_DOMAIN, QuotaUnit.DOMAINS)]
    assert calls.client.dbsize() == 0


def test_as_long_as_no_domain_is_limited_there_may_be_more(host):
    host.limit(login=ONE_AN_HOUR)
    assert host.send(user="alice", recipients=to_domains(MAX_DOMAINS + 1)) is HAM
