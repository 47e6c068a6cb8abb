# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import math
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from redis.crc import key_slot

from postward.errors import TemporaryFailure
from postward.model.redis_url import parse_redis_url
from postward.store.breaker import Pauses
from postward.store.rate_counter import RedisRates, redis_key
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.stopped import go_on, hang

PATIENT = CallBounds(wait_s=20, hold_s=20)
"""For a machine that has other things to do."""
NOW_S = 1_790_000_000.0
THREADS, EACH = 50, 20


@pytest.fixture
def client(redis_server):
    client = redis.Redis.from_url(redis_server.url)
    yield client
    client.flushall()
    client.close()


@pytest.fixture
def open_rates():
    opened = []

    def open_one(url, bounds=PATIENT, **others):
        opened.append(TimedCalls(parse_redis_url(url), bounds, jitter=lambda: 0.0, **others))
        return RedisRates(opened[-1])

    yield open_one
    for calls in opened:
        calls.close()


@pytest.fixture
def rates(redis_server, client, open_rates):
    return open_rates(redis_server.url)


def count(rates, key="x", *, windows=3, window_s=60, now_s=NOW_S):
    return rates.count(key, windows=windows, window_s=window_s, now_s=now_s)


def test_events_of_one_window_add_up(rates):
    assert [count(rates) for _ in range(3)] == [(1, 0, 0), (2, 0, 0), (3, 0, 0)]


def test_windows_come_the_latest_first_and_those_before_are_forgotten(rates):
    for now_s in (0, 0, 61, 130, 130, 130):
        found = count(rates, now_s=now_s)
    assert found == (3, 1, 2)
    assert count(rates, now_s=185) == (1, 3, 1)
    assert count(rates, now_s=10_000) == (1, 0, 0)


def test_a_host_whose_clock_is_ahead_takes_nothing_away(rates):
    count(rates)
    for minute in range(10):
        count(rates, now_s=NOW_S + 86_400 + 60 * minute)
    assert count(rates) == (2, 0, 0)


def test_a_host_whose_clock_is_behind_counts_what_it_sees_itself(rates, client):
    for minute in range(100):
        count(rates, now_s=NOW_S + 60 * minute)
    assert [count(rates, now_s=NOW_S - 86_400)[0] for _ in range(3)] == [1, 2, 3]
    for minute in range(100):
        assert count(rates, now_s=NOW_S - 86_400 - 60 * minute)[0] >= 1
    assert client.hlen(redis_key("x", 3, 60)) <= 3 + 16 + 1


def test_what_is_kept_of_one_counter_is_bounded(rates, client):
    for minute in range(200):
        count(rates, now_s=NOW_S + 60 * minute)
    assert client.hlen(redis_key("x", 3, 60)) == 3 + 16


def test_every_key_window_and_number_of_windows_has_a_counter_of_its_own(rates):
    for key, windows, window_s in itertools.product(("a", "b", ""), (1, 2), (60, 0.5)):
        assert count(rates, key, windows=windows, window_s=window_s)[0] == 1


def test_counters_end_by_themselves(rates, client):
    count(rates, windows=5, window_s=60)
    remaining_ms = client.pttl(redis_key("x", 5, 60))
    assert 0 < remaining_ms <= 6 * 60_000


@pytest.mark.parametrize("key", ["a\r\nFLUSHALL\r\n", "}{", "*", "a" * 100_000, "\udcff", "\x00", "{a}"])
def test_nothing_from_outside_stands_in_a_key(rates, client, key):
    assert count(rates, key) == (1, 0, 0)
    (name,) = client.keys("*")
    assert name.startswith(b"postward:rate:{")
    assert name.endswith(b"}")
    assert set(name[len("postward:rate:{") : -1]) <= set(b"0123456789abcdef")


@pytest.mark.parametrize("windows", [0, -1, 101])
def test_windows_that_cannot_be_counted_are_a_fault_of_the_caller(rates, windows):
    with pytest.raises(ValueError, match="from 1 to 100 windows"):
        count(rates, windows=windows)


def test_as_many_windows_as_there_may_be(rates):
    assert count(rates, windows=100) == (1, *(0,) * 99)


def test_flushed_with_its_scripts_it_begins_anew(rates, client):
    count(rates)
    client.flushall()
    client.script_flush()
    assert count(rates) == (1, 0, 0)


def count_often(url, key, barrier):
    """In a process of its own."""
    calls = TimedCalls(parse_redis_url(url), PATIENT)
    rates = RedisRates(calls)
    barrier.wait()
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda _: count(rates, key)[0], range(THREADS * EACH)))
    calls.close()
    return found


def test_no_event_of_50_threads_in_two_processes_is_lost_or_counted_twice(redis_server, client):
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(2) as processes:
        barrier = manager.Barrier(2)
        jobs = [processes.apply_async(count_often, (redis_server.url, "x", barrier)) for _ in range(2)]
        found = [number for job in jobs for number in job.get(120)]
    assert sorted(found) == list(range(1, 2 * THREADS * EACH + 1))


def test_a_server_that_hangs_costs_one_time_out_and_is_then_passed_over(redis_server, client, open_rates):
    now_s = [0.0]
    rates = open_rates(redis_server.url, CallBounds(wait_s=0.15, starved_s=math.inf, hold_s=20), clock=lambda: now_s[0])
    warmed = open_rates(redis_server.url)
    count(warmed)
    hang(redis_server.pid)
    try:
        with pytest.raises(TemporaryFailure, match="did not answer in time"):
            count(rates)
        before_s = time.monotonic()
        for _ in range(100):
            with pytest.raises(TemporaryFailure, match="passed over"):
                count(rates)
        assert time.monotonic() - before_s < 0.15 * 50
        now_s[0] = 5.0
        with pytest.raises(TemporaryFailure, match="did not answer in time"):
            count(rates)
    finally:
        go_on(redis_server.pid)
    # The patient one is answered behind all others, which so have been by then.
    count(warmed)
    now_s[0] = 15.0
    assert count(rates, "y") == (1, 0, 0)


def test_50_callers_of_a_server_that_hangs_wait_once_and_together(redis_server, client, open_rates):
    rates = open_rates(
        redis_server.url, CallBounds(wait_s=0.15, starved_s=math.inf, pauses=Pauses(first_s=600, longest_s=600))
    )

    def attempt(_number):
        with pytest.raises(TemporaryFailure):
            count(rates)

    hang(redis_server.pid)
    try:
        before_s = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(attempt, range(THREADS * 10)))
        took_s = time.monotonic() - before_s
    finally:
        go_on(redis_server.pid)
    # One after the other they would have taken 75 s.
    assert took_s < 5


def test_a_server_that_drips_holds_neither_callers_nor_threads(dripping, open_rates):
    url, clients = dripping
    now_s = [0.0]
    bounds = CallBounds(wait_s=0.15, hold_s=2, pauses=Pauses(first_s=2, longest_s=2), threads=1)
    rates = open_rates(url, bounds, clock=lambda: now_s[0])
    for _ in range(20):
        # By the next time the one thread has been held too long: it is cut, and connects anew.
        now_s[0] += 3.0
        before_s = time.monotonic()
        with pytest.raises(TemporaryFailure, match="did not answer in time"):
            count(rates)
        assert time.monotonic() - before_s < 1.5
        if clients() >= 4:
            return
    pytest.fail("the thread was held for ever")


def test_a_server_that_is_down_is_told_at_once_and_after_three_times_passed_over(redis_server, client, open_rates):
    now_s = [0.0]
    rates = open_rates(redis_server.url, clock=lambda: now_s[0])
    assert count(rates) == (1, 0, 0)
    redis_server.stop()
    try:
        for _ in range(3):
            with pytest.raises(TemporaryFailure, match="ConnectionError: Error"):
                count(rates)
        with pytest.raises(TemporaryFailure, match="passed over, for it failed"):
            count(rates)
    finally:
        redis_server.start()
    now_s[0] = 5.0
    assert count(rates) == (1, 0, 0)


def test_a_server_that_was_restarted_costs_no_event(redis_server, client, open_rates):
    rates = open_rates(redis_server.url)
    for _ in range(20):
        count(rates)
    redis_server.stop()
    redis_server.start()
    assert [count(rates)[0] for _ in range(8)] == list(range(1, 9))


def test_a_key_that_holds_something_else_is_a_failure(rates, client):
    client.set(redis_key("x", 3, 60), "x")
    with pytest.raises(TemporaryFailure, match="WRONGTYPE"):
        count(rates)


def test_closed_it_counts_no_more_and_leaves_no_thread(redis_server, client, open_rates):
    before = set(threading.enumerate())
    calls = TimedCalls(parse_redis_url(redis_server.url), PATIENT)
    rates = RedisRates(calls)
    count(rates)
    threads = [thread for thread in threading.enumerate() if thread not in before]
    assert len(threads) == PATIENT.threads
    calls.close()
    for thread in threads:
        thread.join(20)
    with pytest.raises(TemporaryFailure, match="closed"):
        count(rates)
    assert not any(thread.is_alive() for thread in threads)


def test_it_works_on_a_server_behind_sentinels_and_on_a_cluster(redis_group, open_rates):
    rates = open_rates(redis_group.url)
    for number in range(50):
        assert count(rates, f"user{number}@example.com") == (1, 0, 0)
        assert count(rates, f"user{number}@example.com") == (2, 0, 0)


def test_counters_spread_over_the_slots_of_a_cluster():
    slots = {key_slot(redis_key(f"user{number}", 3, 60).encode()) for number in range(1_000)}
    assert len(slots) > 900
