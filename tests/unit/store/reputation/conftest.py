from __future__ import annotations

from collections import Counter

import pytest

from postward.store.breaker import Pauses
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.scratch import Scratch
from tests.redis_servers.cluster import ClusterRedis
from tests.redis_servers.sentinel import SentinelRedis
from tests.redis_servers.single import SingleRedis

PATIENT = CallBounds(wait_s=20, hold_s=20)
"""For a machine that has other things to do."""
PERSISTENT = CallBounds(wait_s=5, hold_s=5, pauses=Pauses(first_s=0.02, longest_s=0.05, failures=1_000))
"""Asks again soon."""


class Watched:
    """What the store told."""

    def __init__(self):
        self.lost_keys = Counter()
        self.refused_values = 0
        self.words = []

    def refused(self, values):
        self.refused_values += values

    def lost(self, why, keys):
        self.lost_keys[why] += keys

    def failed(self, words):
        self.words.append(words)


@pytest.fixture(scope="session")
def started():
    """Starts servers of a kind when they are first wanted; they last for the session."""
    with Scratch() as folder:
        running = {}

        def start(kind):
            if kind not in running:
                servers = {"single": SingleRedis, "sentinel": SentinelRedis, "cluster": ClusterRedis}[kind](
                    folder / kind
                )
                running[kind] = servers.__enter__()
            return running[kind]

        yield start
        for servers in running.values():
            servers.__exit__(None, None, None)


@pytest.fixture(params=["single", "sentinel", "cluster"])
def servers(request, started):
    """One kind after the other, with nothing in it."""
    found = started(request.param)
    for master in found.masters:
        master.ask("FLUSHALL")
    return found


@pytest.fixture
def single(started):
    """A single server with nothing in it."""
    server = started("single")
    server.ask("FLUSHALL")
    return server


@pytest.fixture
def watched():
    return Watched()


@pytest.fixture
def open_records(watched):
    opened = []

    def open_one(target, bounds=PATIENT, **others):
        calls = TimedCalls(target, bounds)
        records = RedisReputation(calls, others.pop("watcher", watched), **others)
        opened.append((records, calls))
        return records

    yield open_one
    for records, calls in opened:
        records.close()
        calls.close()


@pytest.fixture
def records(servers, open_records):
    return open_records(servers.target)
