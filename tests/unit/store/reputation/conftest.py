# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import Counter

import pytest

from postward.store.breaker import Pauses
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls

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


@pytest.fixture
def servers(redis_group):
    """One kind after the other, with nothing in it."""
    return redis_group


@pytest.fixture
def single(redis_groups):
    """A single server with nothing in it."""
    server = redis_groups("single")
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
