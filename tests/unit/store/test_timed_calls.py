# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import math
import threading
import time
from dataclasses import replace

import pytest

from postward.model.redis_target import RedisTarget
from postward.model.time_budget import TimeBudget
from postward.store.breaker import Pauses
from postward.store.redis_failure import FailureKind
from postward.store.spending import spending
from postward.store.timed_calls import CallBounds, RedisSilent, TimedCalls
from tests.mailhost.scratch import Scratch
from tests.redis_servers.proxy import SlowProxy
from tests.redis_servers.single import SingleRedis

PATIENT = CallBounds(wait_s=20, hold_s=20)
"""For a machine that has other things to do."""
WRONG = "hidden"
QUICK = CallBounds(wait_s=0.15, starved_s=math.inf, hold_s=20)


class Watcher:
    """Notes what it is told."""

    def __init__(self):
        self.told = []

    def failed(self, kind):
        self.told.append(kind)

    def passed_over(self, words, pause_s):
        self.told.append(("passed over", pause_s))

    def answers(self):
        self.told.append("answers")


@pytest.fixture
def now_s():
    return [0.0]


@pytest.fixture(scope="module")
def server():
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        yield server


@pytest.fixture
def watcher():
    return Watcher()


@pytest.fixture
def open_calls(now_s, watcher):
    opened = []

    def open_one(target, bounds=PATIENT, **others):
        given = {"clock": lambda: now_s[0], "jitter": lambda: 0.0, "watcher": watcher} | others
        opened.append(TimedCalls(target, bounds, **given))
        return opened[-1]

    yield open_one
    for calls in opened:
        calls.close()


def ask(calls, *command, **others):
    return calls.call(lambda client: client.execute_command(*(command or ("GET", "x"))), **others)


def test_an_answer(server, open_calls, watcher):
    calls = open_calls(server.target)
    ask(calls, "SET", "x", "1")
    assert ask(calls) == b"1"
    assert not calls.is_open
    assert watcher.told == []


def test_a_script_is_known_to_all_masters_before_it_is_called(redis_group, open_calls):
    calls = open_calls(redis_group.target)
    script = "return redis.call('GET', KEYS[1])"
    digest = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
    for master in redis_group.masters:
        master.ask("SCRIPT", "FLUSH")
    calls.prepare(script)
    for master in redis_group.masters:
        for _ in range(1_000):
            if master.ask("SCRIPT EXISTS", digest) == [True]:
                break
            time.sleep(0.02)
        else:
            pytest.fail("a master has not got the script")


def test_a_server_that_hangs_costs_one_time_out_and_the_probe_another(server, open_calls, now_s, watcher):
    calls = open_calls(server.target, QUICK)
    open_calls(server.target).call(lambda client: client.execute_command("PING"))
    server.hang()
    try:
        with pytest.raises(RedisSilent, match="did not answer in time") as caught:
            ask(calls)
        assert caught.value.kind is FailureKind.TIMEOUT
        for _ in range(100):
            with pytest.raises(RedisSilent, match="passed over") as caught:
                ask(calls)
            assert caught.value.is_unsent
        now_s[0] = 5.0
        with pytest.raises(RedisSilent, match="did not answer in time"):
            ask(calls)
    finally:
        server.go_on()
    assert watcher.told == [FailureKind.TIMEOUT, ("passed over", 5), FailureKind.TIMEOUT, ("passed over", 10)]
    assert calls.is_open
    # The patient one is answered behind all others.
    ask(open_calls(server.target))
    now_s[0] = 15.0
    ask(calls)
    assert watcher.told[4:] == ["answers"]
    assert not calls.is_open


def test_one_that_answers_others_meanwhile_is_only_busy(server, open_calls):
    calls = open_calls(server.target, replace(QUICK, wait_s=2))
    late = []

    def wait_for_nothing():
        with pytest.raises(RedisSilent) as caught:
            ask(calls, "BLPOP", "nothing", "10")
        late.append(caught.value)

    waiting = threading.Thread(target=wait_for_nothing)
    waiting.start()
    while not late:
        ask(calls)
    waiting.join()
    assert late[0].is_busy
    assert not calls.is_open
    assert calls.has_answered(within_s=60)


def test_one_that_answers_nobody_is_not(server, open_calls):
    calls = open_calls(server.target, QUICK)
    ask(calls, wait_s=20)
    server.hang()
    try:
        with pytest.raises(RedisSilent) as caught:
            ask(calls)
    finally:
        server.go_on()
    assert not caught.value.is_busy
    assert not calls.has_answered(within_s=60)


def test_an_answer_that_took_too_long_is_no_sign_that_others_come_soon(server, open_calls):
    calls = open_calls(server.target, replace(QUICK, wait_s=0.5))
    assert ask(calls, "BLPOP", "nothing", "1", wait_s=20) is None
    assert not calls.is_open
    assert not calls.has_answered(within_s=60)


def test_a_host_without_time_for_the_answer_says_nothing_of_redis(server, open_calls):
    calls = open_calls(server.target, replace(QUICK, starved_s=-1))
    server.hang()
    try:
        with pytest.raises(RedisSilent) as caught:
            ask(calls)
        assert caught.value.is_busy
        assert not calls.is_open
    finally:
        server.go_on()


def test_a_server_that_is_gone_is_passed_over_after_three_calls(server, open_calls, now_s, watcher):
    calls = open_calls(server.target)
    ask(calls)
    server.kill()
    try:
        for _ in range(3):
            with pytest.raises(RedisSilent) as caught:
                ask(calls)
            assert caught.value.kind is FailureKind.CONNECTION
        with pytest.raises(RedisSilent, match="passed over"):
            ask(calls)
    finally:
        server.start()
    now_s[0] = 5.0
    ask(calls)
    assert watcher.told == [FailureKind.CONNECTION] * 3 + [("passed over", 5), "answers"]


def test_a_replica_takes_no_writes_and_that_is_a_failure(server, open_calls, watcher):
    calls = open_calls(server.target)
    server.ask("REPLICAOF", "127.0.0.1", 1)
    try:
        for _ in range(3):
            with pytest.raises(RedisSilent):
                ask(calls, "SET", "x", "1")
        assert calls.is_open
    finally:
        server.ask("REPLICAOF", "NO", "ONE")
    assert set(watcher.told[:3]) == {FailureKind.READ_ONLY}


def test_without_memory_writes_fail(server, open_calls, watcher):
    calls = open_calls(server.target)
    server.ask("CONFIG SET", "maxmemory", "1")
    try:
        for _ in range(3):
            with pytest.raises(RedisSilent):
                ask(calls, "SET", "x", "1")
        assert calls.is_open
    finally:
        server.ask("CONFIG SET", "maxmemory", "0")
    assert set(watcher.told[:3]) == {FailureKind.FULL}


def test_a_wrong_password_is_told_without_it(server, open_calls, watcher):
    server.ask("ACL SETUSER", "mail", "on", ">right", "~pw:*", "+get")
    calls = open_calls(replace(server.target, user="mail", password=WRONG))
    for _ in range(3):
        with pytest.raises(RedisSilent) as caught:
            ask(calls)
        assert WRONG not in str(caught.value)
    assert set(watcher.told[:3]) == {FailureKind.REFUSED}


def test_what_is_wrong_with_one_key_says_nothing_about_the_server(server, open_calls, watcher):
    calls = open_calls(server.target)
    ask(calls, "SET", "x", "text")
    for _ in range(20):
        with pytest.raises(RedisSilent, match="WRONGTYPE"):
            ask(calls, "LPUSH", "x", "1")
    assert watcher.told == []


def test_a_byte_now_and_then_is_no_answer(server, open_calls, now_s):
    with SlowProxy(server.port, delay_s=0.1, drips=True) as proxy:
        bounds = CallBounds(wait_s=0.15, hold_s=1, pauses=Pauses(first_s=2, longest_s=2), threads=1)
        calls = open_calls(proxy.target, bounds)
        for _ in range(50):
            now_s[0] += 3.0
            before_s = time.monotonic()
            with pytest.raises(RedisSilent, match="did not answer in time"):
                ask(calls, "INFO")
            assert time.monotonic() - before_s < 5
            if proxy.connections >= 3:
                return
        pytest.fail("the thread was held for ever")


def test_a_server_that_is_slow_is_waited_for_as_long_as_agreed(server, open_calls, watcher):
    with SlowProxy(server.port, delay_s=0.05) as proxy:
        calls = open_calls(proxy.target)
        assert ask(calls, "ECHO", "x") == b"x"
        proxy.delay_s = 60
        with pytest.raises(RedisSilent, match="did not answer in time"):
            ask(calls, "ECHO", "x", wait_s=0.1)
    assert watcher.told == [FailureKind.TIMEOUT, ("passed over", 5)]


def test_all_that_is_waited_for_one_message_is_taken_off_its_budget(server, open_calls, now_s):
    pauses = Pauses(first_s=0, longest_s=0)
    calls = open_calls(server.target, CallBounds(wait_s=20, hold_s=20, pauses=pauses))
    ask(calls)
    budget = TimeBudget(0.2)
    server.hang()
    try:
        before_s = time.monotonic()
        with spending(budget):
            for _ in range(20):
                with pytest.raises(RedisSilent):
                    ask(calls)
            with pytest.raises(RedisSilent, match="time for this message is used up") as caught:
                ask(calls)
        took_s = time.monotonic() - before_s
    finally:
        server.go_on()
    assert caught.value.is_unsent
    assert 0.19 < took_s < 5
    assert budget.left_s < 0.01


def test_what_costs_no_time_spends_none(server, open_calls):
    calls = open_calls(server.target)
    ask(calls)
    budget = TimeBudget(60)
    with spending(budget):
        for _ in range(10):
            ask(calls)
    assert 0 < 60 - budget.left_s < 30


def test_whoever_had_little_time_left_does_not_stop_the_others(server, open_calls):
    calls = open_calls(server.target)
    ask(calls)
    server.hang()
    try:
        with spending(TimeBudget(0.02)), pytest.raises(RedisSilent, match="did not answer in time"):
            ask(calls)
        assert not calls.is_open
    finally:
        server.go_on()


def test_many_that_wait_together_wait_once(server, open_calls):
    calls = open_calls(server.target, QUICK)
    failures = []

    def attempt():
        try:
            ask(calls)
        except RedisSilent as silent:
            failures.append(silent)

    server.hang()
    try:
        threads = [threading.Thread(target=attempt) for _ in range(50)]
        before_s = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.monotonic() - before_s
    finally:
        server.go_on()
    assert len(failures) == 50
    # One after the other they would have waited for 7.5 s.
    assert took_s < 5


def test_without_a_server_it_opens_and_closes(tmp_path, open_calls):
    calls = open_calls(RedisTarget(socket_path=str(tmp_path / "none.sock")))
    with pytest.raises(RedisSilent, match="No such file"):
        ask(calls)
    calls.close()
    with pytest.raises(RedisSilent, match="closed"):
        ask(calls)
    calls.prepare("return 1")
