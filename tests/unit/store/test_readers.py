# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math
import threading

import pytest
from redis.exceptions import ResponseError

from postward.model.time_budget import TimeBudget
from postward.store.breaker import Pauses
from postward.store.redis_failure import FailureKind
from postward.store.spending import spending
from postward.store.timed_calls import CallBounds, RedisSilent, TimedCalls
from tests.mailhost.scratch import Scratch
from tests.redis_servers.proxy import SlowProxy
from tests.redis_servers.single import SingleRedis

PATIENT = CallBounds(wait_s=20, hold_s=20)
QUICK = CallBounds(wait_s=0.15, starved_s=math.inf, hold_s=20)
MANY = 200


@pytest.fixture(scope="module")
def server():
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        yield server


@pytest.fixture
def open_calls():
    opened = []

    def open_one(target, bounds=PATIENT):
        opened.append(TimedCalls(target, bounds))
        return opened[-1]

    yield open_one
    for calls in opened:
        calls.close()


def ask(calls, *keys):
    return calls.ask([(b"GET", key) for key in keys or (b"x",)], list)


def threads_asked(calls):
    """On how many questions of some a thread of ours had to do it."""
    found = []

    def understand(answers):
        found.append(threading.current_thread() is not threading.main_thread())
        return answers

    for _ in range(MANY):
        calls.ask([(b"GET", b"x")], understand)
    return sum(found)


def wait_until_ready(calls):
    while threads_asked(calls) == MANY:
        pass


def test_answers_are_read_on_the_thread_that_asks(server, open_calls):
    server.ask("SET", "x", "1")
    calls = open_calls(server.target)
    wait_until_ready(calls)
    assert threads_asked(calls) == 0
    assert ask(calls, b"x", b"nothing", b"x") == [b"1", None, b"1"]


def test_without_readers_a_thread_asks(server, open_calls):
    calls = open_calls(server.target, CallBounds(wait_s=20, hold_s=20, readers=0))
    assert threads_asked(calls) == MANY


def test_a_connection_that_the_server_has_closed_is_no_failure(server, open_calls):
    server.ask("SET", "x", "1")
    calls = open_calls(server.target)
    wait_until_ready(calls)
    for _ in range(5):
        server.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert ask(calls) == [b"1"]
    wait_until_ready(calls)
    assert not calls.is_open


def test_what_a_server_refuses_is_told_and_the_connection_is_kept(server, open_calls):
    server.ask("RPUSH", "list", "1")
    calls = open_calls(server.target)
    wait_until_ready(calls)
    (refusal, found) = calls.ask([(b"GET", b"list"), (b"GET", b"nothing")], list)
    assert isinstance(refusal, ResponseError)
    assert found is None

    def refuse(answers):
        raise answers[0]

    with pytest.raises(RedisSilent, match="WRONGTYPE") as caught:
        calls.ask([(b"GET", b"list")], refuse)
    assert caught.value.kind is None
    assert threads_asked(calls) == 0


def test_a_server_that_hangs_costs_what_was_agreed_and_is_passed_over(server, open_calls):
    calls = open_calls(server.target, QUICK)
    wait_until_ready(calls)
    server.hang()
    try:
        with pytest.raises(RedisSilent, match="did not answer in time") as caught:
            ask(calls)
        assert caught.value.kind is FailureKind.TIMEOUT
        assert not caught.value.is_unsent
        with pytest.raises(RedisSilent, match="passed over"):
            ask(calls)
    finally:
        server.go_on()


def test_an_answer_that_came_too_late_is_not_the_next_ones(server, open_calls):
    server.ask("MSET", "x", "1", "y", "2")
    bounds = CallBounds(wait_s=0.15, starved_s=math.inf, hold_s=20, pauses=Pauses(first_s=0.0, longest_s=0.0))
    calls = open_calls(server.target, bounds)
    wait_until_ready(calls)
    server.hang()
    with pytest.raises(RedisSilent, match="did not answer in time"):
        ask(calls, b"x")
    server.go_on()
    patient = open_calls(server.target)
    assert ask(patient, b"y") == [b"2"]
    answered = 0
    while answered < MANY:
        try:
            assert ask(calls, b"y") == [b"2"]
        except RedisSilent:
            continue
        answered += 1


def test_a_byte_now_and_then_ends_with_the_budget_of_the_message(server, open_calls):
    server.ask("SET", "x", "1" * 1_000)
    with SlowProxy(server.port) as proxy:
        calls = open_calls(proxy.target)
        wait_until_ready(calls)
        proxy.drips, proxy.delay_s = True, 0.05
        budget = TimeBudget(0.4)
        with spending(budget), pytest.raises(RedisSilent, match="did not answer in time"):
            ask(calls)
        with spending(budget), pytest.raises(RedisSilent, match="used up"):
            ask(calls)


def test_after_the_end_nobody_is_asked(server, open_calls):
    calls = open_calls(server.target)
    wait_until_ready(calls)
    calls.close()
    with pytest.raises(RedisSilent, match="closed") as caught:
        ask(calls)
    assert caught.value.is_unsent
