# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits in Redis under load and where it fails."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from redis.crc import key_slot

from postward.errors import TemporaryFailure
from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.model.time_budget import TimeBudget
from postward.store.quotas.keys import quota_key
from postward.store.quotas.redis_quotas import RedisQuotas
from postward.store.spending import present_budget, spending
from postward.store.timed_calls import CallBounds, RedisSilent, TimedCalls
from tests.mailhost.stopped import go_on, hang
from tests.redis_servers.node import wait_until

PATIENT = CallBounds(wait_s=60, hold_s=60)
"""For a machine that has other things to do."""
SENDERS, EACH, MOST = 50, 8, 97
LEASE_S = 600


@pytest.fixture
def open_quotas():
    opened = []

    def open_one(target, bounds=PATIENT):
        opened.append(TimedCalls(target, bounds))
        return RedisQuotas(opened[-1])

    yield open_one
    for calls in opened:
        calls.close()


def requests_of(limits, name="alice"):
    subjects = (QuotaSubject.LOGIN, QuotaSubject.TENANT)
    return [QuotaRequest(subject=subject, name=name, limits=limits, recipients=1) for subject in subjects]


def ending(request, lease, *, is_counted=True):
    return QuotaEnding(request=request, lease=lease, is_counted=is_counted)


def send_often(target, worker, barrier):
    """In a process of its own, as a worker does it; returns how many went through."""
    calls = TimedCalls(target, PATIENT)
    quotas = RedisQuotas(calls)
    requests = requests_of(QuotaLimits(messages_per_hour=MOST))

    def send(number):
        lease = f"{worker}-{number}"
        excesses = quotas.begin(lease, requests, lease_s=LEASE_S)
        is_taken = not any(excesses)
        # Some are given up.
        is_sent = is_taken and number % 5 != 0
        taken = [request for request, excess in zip(requests, excesses, strict=True) if excess is None]
        if taken:
            quotas.end([ending(request, lease, is_counted=is_sent) for request in taken], lease_s=LEASE_S)
        return is_sent

    barrier.wait()
    with ThreadPoolExecutor(SENDERS) as pool:
        sent = sum(pool.map(send, range(SENDERS * EACH)))
    calls.close()
    return sent


def in_two_processes(work, *arguments):
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(2) as processes:
        barrier = manager.Barrier(2)
        jobs = [processes.apply_async(work, (*arguments[:1], worker, barrier)) for worker in range(2)]
        return [job.get(240) for job in jobs]


def test_50_senders_in_each_of_two_processes_never_pass_the_limit(redis_kind, open_quotas):
    sent = sum(in_two_processes(send_often, redis_kind))
    assert sent == MOST
    usage = open_quotas(redis_kind).usage(QuotaSubject.LOGIN, "alice")
    assert (usage.messages_per_hour, usage.concurrent) == (MOST, 0)


def hold_and_die(target):
    """In a process of its own, which is killed with all that it holds."""
    quotas = RedisQuotas(TimedCalls(target, PATIENT))
    for number in range(5):
        quotas.begin(f"t{number}", requests_of(QuotaLimits(concurrent=5)), lease_s=2)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_leaves_nothing_behind(redis_kind, open_quotas):
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=hold_and_die, args=(redis_kind,))
    process.start()
    process.join(60)
    assert process.exitcode < 0
    quotas = open_quotas(redis_kind)
    # What it held is over by itself two seconds later.
    wait_until(lambda: quotas.usage(QuotaSubject.LOGIN, "alice").concurrent == 0, "its leases are not over")
    for number in range(5):
        assert not any(quotas.begin(f"n{number}", requests_of(QuotaLimits(concurrent=5)), lease_s=LEASE_S))


def test_flushed_with_its_scripts_it_begins_anew(redis_group, open_quotas):
    quotas, requests = open_quotas(redis_group.target), requests_of(QuotaLimits(messages_per_hour=1))
    assert not any(quotas.begin("t1", requests, lease_s=LEASE_S))
    assert all(quotas.begin("t2", requests, lease_s=LEASE_S))
    for master in redis_group.masters:
        master.ask("FLUSHALL")
        master.ask("SCRIPT", "FLUSH")
    assert not any(quotas.begin("t3", requests, lease_s=LEASE_S))


def test_a_server_that_hangs_is_told_in_time(redis_groups, open_quotas):
    server = redis_groups("single")
    quotas = open_quotas(server.target, CallBounds(wait_s=0.15))
    hang(server.pid)
    try:
        with pytest.raises(TemporaryFailure):
            quotas.begin("t1", requests_of(QuotaLimits(messages_per_hour=1)), lease_s=LEASE_S)
    finally:
        go_on(server.pid)


class Busy:
    """Does what it is called for, and is too late with the first answer."""

    def __init__(self, calls, *, has_answered):
        self.calls = calls
        self.is_late = True
        self.answers_others = has_answered

    def prepare(self, script):
        self.calls.prepare(script)

    def has_answered(self, *, within_s):
        return self.answers_others and within_s > 0

    def is_silent_for(self, _seconds):
        return False

    def call(self, call, *, wait_s=None, insists=False):
        answer = self.calls.call(call, wait_s=wait_s, insists=insists)
        if self.is_late:
            self.is_late = False
            raise RedisSilent("did not answer in time")
        return answer


@pytest.fixture
def calls(redis_groups):
    server = redis_groups("single")
    server.ask("FLUSHALL")
    calls = TimedCalls(server.target, PATIENT)
    yield calls
    calls.close()


def test_one_that_answers_others_is_waited_for_a_little_longer_and_takes_once(calls):
    quotas = RedisQuotas(Busy(calls, has_answered=True))
    assert not any(quotas.begin("t1", requests_of(QuotaLimits(messages_per_hour=1)), lease_s=LEASE_S))
    assert quotas.usage(QuotaSubject.LOGIN, "alice").messages_per_hour == 1


def test_one_that_answers_nobody_is_not(calls):
    with pytest.raises(TemporaryFailure, match="did not answer in time"):
        RedisQuotas(Busy(calls, has_answered=False)).begin(
            "t1", requests_of(QuotaLimits(messages_per_hour=1)), lease_s=LEASE_S
        )


class Late:
    """Answers nobody in time, and uses up all that it may be waited for."""

    def __init__(self):
        self.waited_s = []

    def prepare(self, script):
        pass

    def has_answered(self, *, within_s):
        return within_s > 0

    def call(self, _call, *, wait_s=None, insists=False):
        budget = present_budget()
        if budget.left_s:
            self.waited_s.append(budget.left_s)
            budget.spend(budget.left_s)
        raise RedisSilent("did not answer in time", is_busy=True)


def test_that_is_longer_once_for_all_that_is_asked_for_a_message():
    calls, budget = Late(), TimeBudget(0.15)
    quotas = RedisQuotas(calls)
    for _ in range(3):
        with spending(budget), pytest.raises(TemporaryFailure):
            quotas.begin("t1", requests_of(QuotaLimits(messages_per_hour=1)), lease_s=LEASE_S)
    assert calls.waited_s == [0.15, 1.0]


def test_while_others_ask_for_the_same_one_that_has_just_fallen_silent_is_asked_again(redis_groups, open_quotas):
    server = redis_groups("single")
    server.ask("FLUSHALL")
    # So little time that nobody is answered in it; then all are, a second later at most.
    quotas = open_quotas(server.target, CallBounds(wait_s=0.02, starved_s=math.inf, threads=1))
    requests = requests_of(QuotaLimits(messages_per_hour=7))
    hang(server.pid)
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(quotas.begin, f"t{number}", requests, lease_s=LEASE_S) for number in range(20)]
        wait([answers[0]], timeout=0.2)
        go_on(server.pid)
        taken = [answer for answer in answers if answer.exception() is None and not any(answer.result())]
    assert 0 < len(taken) <= 7
    assert open_quotas(server.target).usage(QuotaSubject.LOGIN, "alice").messages_per_hour <= 7


def test_a_key_that_holds_something_else_is_a_failure(redis_groups, open_quotas):
    server = redis_groups("single")
    quotas = open_quotas(server.target)
    server.ask("SET", quota_key(QuotaSubject.LOGIN, "alice"), "x")
    try:
        with pytest.raises(TemporaryFailure, match="WRONGTYPE"):
            quotas.begin("t1", requests_of(QuotaLimits(messages_per_hour=1)), lease_s=LEASE_S)
    finally:
        server.ask("FLUSHALL")


@pytest.mark.parametrize("field", ["h", "hx", "h1e99", "d", "l", "lx", "b", "x", "", "garbage", "h-1"])
@pytest.mark.parametrize("value", ["", "x", "1", "-1 -1", "1e99 1", "9" * 400 + " 1", "1 2 3 4 5 6 7"])
def test_what_nobody_of_us_has_written_is_ignored(redis_groups, open_quotas, field, value):
    server = redis_groups("single")
    quotas, requests = open_quotas(server.target), requests_of(QuotaLimits(messages_per_hour=1, burst=0))
    server.ask("FLUSHALL")
    for subject in (QuotaSubject.LOGIN, QuotaSubject.TENANT):
        server.ask("HSET", quota_key(subject, "alice"), field, value)
    assert not any(quotas.begin("t1", requests, lease_s=LEASE_S))
    assert all(quotas.begin("t2", requests, lease_s=LEASE_S))
    quotas.end([ending(request, "t1") for request in requests], lease_s=LEASE_S)
    assert quotas.usage(QuotaSubject.LOGIN, "alice").messages_per_hour == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("l0123456789abcdef01234567", "{later} 1 1 0 0 0"),
        ("b", "{later} 0 0"),
        ("h{minute}", "1 1"),
        ("d{quarter}", "1 1"),
    ],
)
def test_what_was_written_while_the_clock_was_a_year_ahead_binds_nobody_afterwards(
    redis_groups, open_quotas, field, value
):
    server = redis_groups("single")
    server.ask("FLUSHALL")
    later_s = int(server.ask("TIME")[0]) + 365 * 86_400
    written = {"later": later_s * 1_000, "minute": later_s // 60, "quarter": later_s // 900}
    limits = QuotaLimits(messages_per_hour=1, recipients_per_day=2, concurrent=1, burst=1)
    request, other = requests_of(limits)
    server.ask("HSET", quota_key(request.subject, "alice"), field.format(**written), value.format(**written))
    quotas = open_quotas(server.target)
    for number in range(2):
        assert not any(quotas.begin(f"t{number}", [request, other], lease_s=LEASE_S))
        quotas.end([ending(request, f"t{number}"), ending(other, f"t{number}")], lease_s=LEASE_S)
    assert all(quotas.begin("t2", [request, other], lease_s=LEASE_S))


@pytest.mark.parametrize(
    ("limits", "least_s", "most_s"),
    [
        (QuotaLimits(messages_per_hour=9), 3_600, 3_800),
        (QuotaLimits(messages_per_hour=9, recipients_per_day=9), 86_400, 90_000),
    ],
)
def test_what_counts_no_more_is_not_kept(redis_groups, open_quotas, limits, least_s, most_s):
    server = redis_groups("single")
    server.ask("FLUSHALL")
    quotas = open_quotas(server.target)
    quotas.begin("t1", requests_of(limits), lease_s=LEASE_S)
    assert least_s < server.ask("TTL", quota_key(QuotaSubject.LOGIN, "alice")) <= most_s


def test_what_was_refused_is_not_kept_at_all(redis_groups, open_quotas):
    server = redis_groups("single")
    server.ask("FLUSHALL")
    limits = QuotaLimits(recipients_per_hour=1)
    request = QuotaRequest(subject=QuotaSubject.LOGIN, name="alice", limits=limits, recipients=2)
    assert all(open_quotas(server.target).begin("t1", [request], lease_s=LEASE_S))
    assert server.ask("DBSIZE") == 0


def test_subjects_spread_over_the_slots_of_a_cluster():
    slots = {key_slot(quota_key(QuotaSubject.LOGIN, f"user{number}").encode()) for number in range(1_000)}
    assert len(slots) > 900
