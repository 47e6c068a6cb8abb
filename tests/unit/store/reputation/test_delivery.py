# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of evidence when Redis, or the way to it, fails: it arrives once, or is given up, but never twice."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter

import pytest

from postward.errors import TemporaryFailure
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Correspondence, Evidence
from postward.observability.logger import EventLog
from postward.store.breaker import Pauses
from postward.store.reputation.keys import key_of
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.scratch import Scratch
from tests.redis_servers.node import wait_until
from tests.redis_servers.proxy import SlowProxy
from tests.redis_servers.single import SingleRedis
from tests.unit.store.reputation.conftest import PERSISTENT

GOOD = Evidence(good=1, seen=1)
LOGIN = Identity(IdentityKind.LOGIN, "bob@example.org")
PEOPLE = tuple(Identity(IdentityKind.AUTHOR_DOMAIN, f"{number}.example") for number in range(100))
ALL = (EVERYBODY, LOGIN, *PEOPLE)
BUDGET = CallBounds(pauses=Pauses(first_s=0.02, longest_s=0.05))
"""As long as a message waits."""


class Moment:
    """A clock that does something when a batch is about to be sent: it is read twice for the server's, then once."""

    def __init__(self):
        self._then = None
        self._left = 0

    def when_sending(self, then):
        # Once when the round begins, twice around the server's answer, once right before the batch.
        self._then, self._left = then, 4

    def __call__(self):
        self._left -= 1
        if self._left == 0 and self._then is not None:
            then, self._then = self._then, None
            then()
        return time.monotonic()


@pytest.fixture
def server():
    """One of its own, that may be ended and be full."""
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        yield server


@pytest.fixture
def moment():
    return Moment()


def seen_at(server, *identities):
    """What arrived, as another worker sees it."""
    calls = TimedCalls(server.target, CallBounds(wait_s=20, hold_s=20))
    try:
        standings = RedisReputation(calls).fetch(identities).standings
    finally:
        calls.close()
    return [standings[identity].slow.seen if identity in standings else 0 for identity in identities]


def warm(records):
    """Have connections and scripts ready."""
    records.add({Identity(IdentityKind.ASN, "64496"): GOOD, Identity(IdentityKind.LOGIN, "warm"): GOOD})
    flush_until_sent(records)


def flush_until_sent(records):
    def is_sent():
        records.flush()
        return records.pending == 0

    wait_until(is_sent, "not all is sent")


def test_while_redis_is_down_all_waits_and_then_arrives_once(server, open_records, watched):
    records = open_records(server.target, PERSISTENT)
    records.add(dict.fromkeys(ALL, GOOD))
    records.flush()
    server.kill()
    for _ in range(5):
        records.add(dict.fromkeys(ALL, GOOD))
        records.note([Correspondence("a", "b")])
        records.flush()
    with pytest.raises(TemporaryFailure):
        records.fetch([LOGIN])
    # The login has a fast window and a history too.
    assert records.pending == len(ALL) + 2 + 1
    assert watched.words
    server.start()
    flush_until_sent(records)
    assert seen_at(server, *ALL) == [5] * len(ALL)
    assert records.fetch([LOGIN], [Correspondence("a", "b")]).correspondences == {Correspondence("a", "b")}
    assert not watched.lost_keys


def test_what_was_done_and_not_answered_is_not_done_again(server, open_records, watched, moment):
    with SlowProxy(server.port) as proxy:
        records = open_records(proxy.target, PERSISTENT, monotonic=moment)
        warm(records)
        records.add(dict.fromkeys(ALL, GOOD))
        moment.when_sending(lambda: setattr(proxy, "delay_s", 2.0))
        records.flush()
        assert records.pending == len(ALL) + 2
        wait_until(lambda: max(seen_at(server, *ALL)) == 1, "it was not done")
        proxy.delay_s = 0.0
        records.add(dict.fromkeys(ALL, GOOD))
        flush_until_sent(records)
        assert records.history(LOGIN)[0].seen == 2
    assert seen_at(server, *ALL) == [2] * len(ALL)
    assert not watched.lost_keys


@pytest.mark.parametrize("hangs_s", [0.0, 2.0], ids=["wakes up in time", "wakes up too late"])
def test_a_server_that_hangs_with_a_batch_does_it_once(server, open_records, watched, moment, hangs_s):
    records = open_records(server.target, PERSISTENT, monotonic=moment)
    warm(records)
    records.add(dict.fromkeys(ALL, GOOD))
    moment.when_sending(server.hang)
    try:
        records.flush()
        assert records.pending
        began_s = time.monotonic()
        with pytest.raises(TemporaryFailure):
            records.fetch([LOGIN])
        time.sleep(max(0.0, hangs_s - (time.monotonic() - began_s)))
    finally:
        server.go_on()
    records.add(dict.fromkeys(ALL, GOOD))
    flush_until_sent(records)
    assert seen_at(server, *ALL) == [2] * len(ALL)
    assert not watched.lost_keys


def test_where_somebody_else_was_there_meanwhile_rather_nothing_is_added_than_something_twice(
    server, open_records, watched, moment
):
    other = open_records(server.target)
    records = open_records(server.target, PERSISTENT, monotonic=moment)
    warm(records)
    records.add({EVERYBODY: GOOD, PEOPLE[0]: GOOD, PEOPLE[1]: GOOD})
    moment.when_sending(server.hang)
    try:
        records.flush()
        time.sleep(1.6)
    finally:
        server.go_on()
    other.add({EVERYBODY: GOOD, PEOPLE[0]: GOOD})
    other.flush()
    flush_until_sent(records)
    assert seen_at(server, EVERYBODY, *PEOPLE[:2]) == [1, 1, 1]
    assert watched.lost_keys == {"unclear": 2}


def test_a_server_that_is_killed_with_a_batch_and_forgets_all_gets_it_anew(server, open_records, watched, moment):
    records = open_records(server.target, PERSISTENT, monotonic=moment)
    warm(records)
    records.add(dict.fromkeys(ALL, GOOD))
    moment.when_sending(server.hang)
    records.flush()
    server.kill()
    server.start()
    flush_until_sent(records)
    assert seen_at(server, *ALL) == [1] * len(ALL)
    assert not watched.lost_keys


def test_a_server_that_loses_all_and_its_scripts_begins_anew(server, open_records):
    records = open_records(server.target)
    records.add(dict.fromkeys(ALL, GOOD))
    records.flush()
    server.ask("FLUSHALL")
    server.ask("SCRIPT", "FLUSH")
    assert dict(records.fetch(ALL).standings) == {}
    records.add(dict.fromkeys(ALL, GOOD))
    records.flush()
    assert seen_at(server, *ALL) == [1] * len(ALL)


def test_what_a_replica_refuses_waits_for_the_master(server, open_records, watched):
    records = open_records(server.target, PERSISTENT)
    with Scratch() as folder, SingleRedis(folder / "redis") as master:
        server.ask("REPLICAOF", "127.0.0.1", master.port)
        wait_until(lambda: server.client().info("replication")["master_link_status"] == "up", "it does not follow")
        records.add(dict.fromkeys(ALL, GOOD))
        records.note([Correspondence("a", "b")])
        records.flush()
        assert records.pending == len(ALL) + 2 + 1
        assert any("read only" in words.lower() for words in watched.words)
        assert dict(records.fetch(ALL).standings) == {}
    server.ask("REPLICAOF", "NO", "ONE")
    flush_until_sent(records)
    assert seen_at(server, *ALL) == [1] * len(ALL)
    assert not watched.lost_keys


def test_what_a_full_server_refuses_waits_until_there_is_room_and_is_read_meanwhile(server, open_records, watched):
    records = open_records(server.target, PERSISTENT)
    records.add({LOGIN: GOOD})
    records.flush()
    server.ask("CONFIG", "SET", "maxmemory", "1", "maxmemory-policy", "noeviction")
    for _ in range(3):
        records.add(dict.fromkeys(ALL, GOOD))
        records.flush()
    assert records.pending == len(ALL) + 2
    assert any("memory" in words.lower() for words in watched.words)
    assert records.fetch([LOGIN]).standings[LOGIN].slow.seen == 1
    server.ask("CONFIG", "SET", "maxmemory", "0")
    flush_until_sent(records)
    assert seen_at(server, LOGIN, EVERYBODY, *PEOPLE) == [4, *[3] * (len(ALL) - 1)]
    assert not watched.lost_keys


def test_a_server_that_is_slow_by_100_ms_gets_all_once(server, open_records, watched):
    with SlowProxy(server.port, delay_s=0.1) as proxy:
        records = open_records(proxy.target, BUDGET)
        for _ in range(3):
            records.add(dict.fromkeys(ALL, GOOD))
            flush_until_sent(records)
        assert seen_at(server, *ALL) == [3] * len(ALL)
        assert not watched.lost_keys


def test_a_server_that_drips_holds_nobody_and_what_is_added_stays(server, open_records):
    with SlowProxy(server.port, delay_s=0.1, drips=True) as proxy:
        records = open_records(proxy.target, BUDGET)
        for _ in range(10):
            before_s = time.monotonic()
            with pytest.raises(TemporaryFailure):
                records.fetch([LOGIN])
            assert time.monotonic() - before_s < 2
        records.add(dict.fromkeys(ALL, GOOD))
        before_s = time.monotonic()
        records.flush()
        assert time.monotonic() - before_s < 10
        assert records.pending == len(ALL) + 2
    assert seen_at(server, *ALL) == [0] * len(ALL)


def test_closing_waits_for_what_is_unclear_but_not_for_ever(server, open_records, watched, moment):
    records = open_records(server.target, PERSISTENT, monotonic=moment)
    warm(records)
    records.add(dict.fromkeys(PEOPLE, GOOD))
    with SlowProxy(server.port) as proxy:
        slow = open_records(proxy.target, PERSISTENT, monotonic=moment)
        warm(slow)
        slow.add(dict.fromkeys(PEOPLE, GOOD))
        moment.when_sending(lambda: setattr(proxy, "delay_s", 0.8))
        slow.flush()
        proxy.delay_s = 0.0
        slow.close()
    assert seen_at(server, *PEOPLE) == [1] * len(PEOPLE)
    assert not watched.lost_keys
    server.hang()
    try:
        before_s = time.monotonic()
        records.close()
        assert time.monotonic() - before_s < 20
    finally:
        server.go_on()
    assert watched.lost_keys == {"closed": len(PEOPLE)}


def test_closing_gives_up_what_a_slow_server_does_not_take_in_time(server, open_records, watched):
    many = [Identity(IdentityKind.ASN, str(number)) for number in range(4_000)]
    with SlowProxy(server.port) as proxy:
        records = open_records(proxy.target, PERSISTENT)
        warm(records)
        proxy.delay_s = 0.2
        records.start(EventLog(fd=-1))
        records.add(dict.fromkeys(many, GOOD))
        records.close()
    arrived = sum(seen_at(server, *many))
    assert 0 < arrived < len(many)
    assert watched.lost_keys["closed"] >= len(many) - arrived
    assert not any(thread.name == "reputation" for thread in threading.enumerate())


class Trouble:
    """A clock that at times makes the server hang, or its answers late, right when it is read."""

    def __init__(self, server, proxy):
        self._server = server
        self._proxy = proxy
        self._made = random.Random(11)
        self.ends = []
        self.is_over = False

    def __call__(self):
        if not self.is_over and self._made.random() < 0.1:
            begin, end = self._made.choice(
                [(self._server.hang, self._server.go_on), (lambda: self._delay(1.0), lambda: self._delay(0.0))]
            )
            begin()
            self.ends.append(threading.Timer(self._made.choice([0.3, 0.8, 1.5]), end))
            self.ends[-1].start()
        return time.monotonic()

    def _delay(self, delay_s):
        self._proxy.delay_s = delay_s


def test_whatever_fails_what_one_worker_adds_arrives_once_and_what_several_add_never_twice(
    server, open_records, watched
):
    added = Counter()
    own = ([LOGIN, *PEOPLE[:20]], PEOPLE[20:40])
    shared = (EVERYBODY, *PEOPLE[40:45])
    with SlowProxy(server.port) as proxy:
        trouble = Trouble(server, proxy)
        workers = [open_records(target, PERSISTENT, monotonic=trouble) for target in (proxy.target, server.target)]
        until_s = time.monotonic() + 8
        while time.monotonic() < until_s:
            for records, mine in zip(workers, own, strict=True):
                records.add(dict.fromkeys((*mine, *shared), GOOD))
                added.update((*mine, *shared))
                records.flush()
        trouble.is_over = True
        for end in trouble.ends:
            end.join()
        proxy.delay_s = 0.0
        for records in workers:
            flush_until_sent(records)
    alone = [*own[0], *own[1]]
    assert seen_at(server, *alone) == [added[identity] for identity in alone]
    assert all(seen <= added[identity] for identity, seen in zip(shared, seen_at(server, *shared), strict=True))
    assert set(watched.lost_keys) <= {"unclear"}


@pytest.mark.parametrize("kind", ["sentinel", "cluster"])
def test_a_failover_under_load_adds_nothing_twice(redis_groups, open_records, watched, kind):
    servers = redis_groups(kind)
    servers.settle()
    for master in servers.masters:
        master.ask("FLUSHALL")
    records = open_records(servers.target, PERSISTENT)
    added = 0
    for number in itertools.count():
        records.add(dict.fromkeys(ALL, GOOD))
        added += 1
        records.flush()
        if number == 5:
            servers.failover()
        if number >= 10:
            break
    flush_until_sent(records)
    found = seen_at(servers, *ALL)
    assert max(found) <= added
    # What the old master took in its last moments may be lost with it.
    assert min(found) >= 1
    servers.settle()


def test_a_master_of_a_cluster_that_dies_keeps_only_what_is_for_it_waiting(redis_groups, open_records, watched):
    servers = redis_groups("cluster")
    servers.settle()
    for master in servers.masters:
        master.ask("FLUSHALL")
    records = open_records(servers.target, PERSISTENT)
    records.add(dict.fromkeys(ALL, GOOD))
    flush_until_sent(records)
    dead = servers.master_of(key_of(LOGIN))
    dead.kill()
    try:
        for _ in range(3):
            records.add(dict.fromkeys(ALL, GOOD))
            records.flush()
        wait_until(lambda: len(servers.masters) == 3, "nobody takes its place")
        flush_until_sent(records)
    finally:
        dead.start()
        servers.settle()
    found = seen_at(servers, *ALL)
    assert max(found) <= 4
    assert min(found) >= 3 - watched.lost_keys["unclear"]
