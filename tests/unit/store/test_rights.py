# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/redis.md: the rights that it names suffice for everything, and are no more than that."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from postward.model.identity import Identity, IdentityKind
from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.model.reputation import Correspondence, Evidence
from postward.store.directory_reader import DirectoryReader
from postward.store.greylist import GreylistTimes, RedisGreylist
from postward.store.ping import PingOutcome, ping
from postward.store.quotas.redis_quotas import RedisQuotas
from postward.store.rate_counter import RedisRates
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls

DOCS = Path(__file__).parents[3] / "docs" / "redis.md"
RULE = re.compile(r"^user (\S+) on >(\S+) (.*)$", re.MULTILINE)
PATIENT = CallBounds(wait_s=20, hold_s=20)


@pytest.fixture
def target(redis_group):
    user, word, rights = RULE.search(DOCS.read_text()).groups()
    servers = [*redis_group.masters, *getattr(redis_group, "servers", ())]
    for server in servers:
        server.ask("ACL", "SETUSER", user, "reset", "on", f">{word}", *rights.split())
    yield replace(redis_group.target, user=user, password=word)
    for server in servers:
        server.ask("ACL", "DELUSER", user)


@pytest.fixture
def calls(target):
    calls = TimedCalls(target, PATIENT)
    yield calls
    calls.close()


def test_it_is_reached(target):
    assert ping(target, timeout_s=30).outcome is PingOutcome.OK


def test_greylisting_and_rates(calls):
    greylist, rates = RedisGreylist(calls, GreylistTimes()), RedisRates(calls)
    greylist.note_sender("a")
    assert greylist.recall(envelope="e", body="b", sender="a", now_s=1e9).knows_sender
    assert rates.count("x", windows=2, window_s=60, now_s=1e9) == (1, 0)


def test_quotas(calls):
    quotas, limits = RedisQuotas(calls), QuotaLimits(messages_per_hour=5)
    request = QuotaRequest(subject=QuotaSubject.LOGIN, name="a", limits=limits, messages=1, recipients=1)
    assert quotas.begin("lease", [request], lease_s=60) == (None,)
    quotas.end([QuotaEnding(request=request, lease="lease", is_counted=True)], lease_s=60)
    assert quotas.usage(QuotaSubject.LOGIN, "a").messages_per_hour == 1
    assert quotas.reset(QuotaSubject.LOGIN, "a")


def test_reputation(calls):
    records = RedisReputation(calls)
    client, login = Identity(IdentityKind.IP, "192.0.2.1"), Identity(IdentityKind.LOGIN, "alice")
    pair = Correspondence(user="alice", other="bob@example.net")
    try:
        records.add({each: Evidence(bad=1, seen=1) for each in (client, login)})
        records.note([pair])
        records.flush()
        known = records.fetch([client, login], [pair])
        assert (set(known.standings), known.correspondences) == ({client, login}, {pair})
        assert records.history(login)
        assert {identity for identity, _ in records.scan()} == {client, login}
        saved = list(records.dump())
        assert records.restore(saved) > 0
        assert records.forget(client)
    finally:
        records.close()


def test_the_directory(target):
    reader = DirectoryReader(target, prefix="postward:directory:", timeout_s=20, connections=1)
    assert reader.fields("domain", "a.example", 10) == {}
    assert reader.members("sender", "alice", 10) is None
    assert reader.is_member("recipients", "a.example", ("alice",)) is None
    reader.close()


@pytest.mark.parametrize(
    "command", [["FLUSHALL"], ["KEYS", "*"], ["CONFIG", "GET", "*"], ["GET", "other"], ["ACL", "LIST"]]
)
def test_nothing_else_is_allowed(redis_groups, command):
    server = redis_groups("single")
    user, word, rights = RULE.search(DOCS.read_text()).groups()
    server.ask("ACL", "SETUSER", user, "reset", "on", f">{word}", *rights.split())
    with redis.Redis(port=server.port, username=user, password=word) as client, pytest.raises(redis.ResponseError):
        client.execute_command(*command)
