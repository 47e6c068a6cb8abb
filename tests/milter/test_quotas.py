# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits hold exactly for what comes at once to the workers of ``postward run``, whatever kind of Redis they share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from postward.model.quota import QuotaSubject
from postward.store.quotas.redis_quotas import RedisQuotas
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.postward_process import PostwardProcess
from tests.mailhost.scratch import Scratch
from tests.mailhost.unprivileged import reachable_installation
from tests.milter.client import final, greet
from tests.redis_servers.cluster import ClusterRedis
from tests.redis_servers.node import wait_until
from tests.redis_servers.sentinel import SentinelRedis
from tests.redis_servers.single import SingleRedis

SENDERS, EACH, MOST = 50, 4, 83
NO_CHECKS = {name: {"enabled": False} for name in ("spf", "dkim", "arc", "dmarc", "iprev", "content", "shedding")}


@pytest.fixture(scope="module", params=[SingleRedis, SentinelRedis, ClusterRedis])
def running(request):
    """A ``postward run`` with two workers, and the Redis that it uses."""
    with ExitStack() as stack:
        root = stack.enter_context(Scratch())
        group = stack.enter_context(request.param(root / "redis"))
        settings = {
            **NO_CHECKS,
            "authserv_id": "mx.example.net",
            "listen": f"unix:{root}/postward/state/milter.sock",
            "workers": 2,
            "redis": {"url": group.url},
            "quotas": {"login": {"messages_per_hour": MOST}},
        }
        process = stack.enter_context(PostwardProcess(root / "postward", reachable_installation(root), settings))
        assert len(process.workers()) == 2
        yield process, group


def send(address, login):
    """Messages in one session; how many of them were taken."""
    client = greet(address)
    taken = 0
    for _ in range(EACH):
        client.macros(b"M", (b"{auth_authen}", login), (b"{auth_type}", b"PLAIN"))
        taken += final(client.message()) in {b"a", b"c"}
    client.quit()
    return taken


def test_50_senders_at_once_never_pass_the_limit(running):
    process, group = running
    address = process.settings["listen"]
    with ThreadPoolExecutor(SENDERS) as senders:
        taken = sum(senders.map(lambda _: send(address, b"alice"), range(SENDERS)))
    assert taken <= MOST
    while more := send(address, b"alice"):
        taken += more
    assert taken <= MOST
    calls = TimedCalls(group.target, CallBounds(wait_s=20, hold_s=20))
    quotas = RedisQuotas(calls)
    # What became of the last ones is told after their answer.
    wait_until(lambda: counts(quotas) == (taken, 0), f"{taken} were taken, and it is counted otherwise")
    calls.close()


def counts(quotas):
    usage = quotas.usage(QuotaSubject.LOGIN, "alice")
    return usage.messages_per_hour, usage.concurrent
