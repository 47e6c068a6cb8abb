# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds of limits whoever counts: Redis, alone or several of them, or the process itself."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from postward.model.quota import QuotaSubject, QuotaUnit
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest, QuotaUsage
from postward.store.quotas.keys import quota_key
from postward.store.quotas.local_quotas import LocalQuotas
from postward.store.quotas.redis_quotas import RedisQuotas
from postward.store.timed_calls import CallBounds, TimedCalls

LEASE_S = 60
PATIENT = CallBounds(wait_s=20, hold_s=20)
"""For a machine that has other things to do."""
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400


class RedisCounting:
    """Lets time pass for what Redis has kept, since its clock cannot be set."""

    def __init__(self, calls, client):
        self.client = client
        self.store = RedisQuotas(calls)

    def pass_s(self, seconds):
        for key in list(self.client.scan_iter("pw:q*")):
            for field, value in self.client.hgetall(key).items():
                self.client.hdel(key, field)
                older, numbers = self._older(field.decode(), value.decode().split(), seconds)
                self.client.hset(key, older, " ".join(numbers))

    @staticmethod
    def _older(field, numbers, seconds):
        match field[0]:
            case "h":
                return f"h{int(field[1:]) - seconds // MINUTE_S}", numbers
            case "x":
                return field, [str(int(numbers[0]) - seconds * 1_000)]
            case "d":
                return f"d{int(field[1:]) - seconds // (15 * MINUTE_S)}", numbers
            case _:
                return field, [str(int(numbers[0]) - seconds * 1_000), *numbers[1:]]


class LocalCounting:
    def __init__(self):
        self.now_s = 1_000_000.0
        self.store = LocalQuotas(1, clock=lambda: self.now_s)

    def pass_s(self, seconds):
        self.now_s += seconds


@contextmanager
def counting_in(group):
    calls, client = TimedCalls(group.target, PATIENT), group.admin()
    yield RedisCounting(calls, client)
    client.flushall()
    client.close()
    calls.close()


@pytest.fixture(params=["single", "sentinel", "cluster"])
def redis_counting(request, redis_groups):
    """For what is asked of Redis alone."""
    with counting_in(redis_groups(request.param)) as counting:
        yield counting


@pytest.fixture(params=["single", "sentinel", "cluster", "local"])
def counting(request, redis_groups):
    if request.param == "local":
        yield LocalCounting()
        return
    with counting_in(redis_groups(request.param)) as counting:
        yield counting


class Sending:
    """One sender."""

    def __init__(self, counting, name="alice", **limits):
        self.store = counting.store
        self.name = name
        self.limits = QuotaLimits(**limits)
        self.number = 0
        self.recipients = {}

    def begin(self, recipients=1, *, lease="", lease_s=LEASE_S, messages=1):
        self.number += 1
        self.lease = lease or f"{self.name}-{self.number}"
        self.recipients[self.lease] = recipients
        request = QuotaRequest(
            subject=QuotaSubject.LOGIN, name=self.name, limits=self.limits, messages=messages, recipients=recipients
        )
        (excess,) = self.store.begin(self.lease, [request], lease_s=lease_s)
        return excess

    def end(self, *, is_counted=True, lease="", recipients=None, **others):
        lease = lease or self.lease
        recipients = recipients or self.recipients.get(lease, 1)
        request = QuotaRequest(
            subject=QuotaSubject.LOGIN, name=self.name, limits=self.limits, messages=1, recipients=recipients
        )
        ending = QuotaEnding(request=request, lease=lease, is_counted=is_counted, **others)
        self.store.end([ending], lease_s=LEASE_S)

    def send(self, recipients=1):
        excess = self.begin(recipients)
        if excess is None:
            self.end()
        return excess

    def sent(self, most=1_000):
        """How many messages go through until one does not."""
        return next(number for number in range(most) if self.send() is not None)

    @property
    def usage(self):
        return self.store.usage(QuotaSubject.LOGIN, self.name)


def test_nobody_sends_more_than_the_limit(counting):
    sending = Sending(counting, messages_per_hour=10)
    assert sending.sent() == 10
    excess = sending.send()
    assert (excess.subject, excess.name, excess.unit) == (QuotaSubject.LOGIN, "alice", QuotaUnit.MESSAGES_PER_HOUR)
    assert (excess.limit, excess.used) == (10, 10)
    assert HOUR_S - MINUTE_S <= excess.retry_after_s <= HOUR_S + MINUTE_S


@pytest.mark.parametrize(
    ("limit", "window_s", "part_s"),
    [("messages_per_hour", HOUR_S, MINUTE_S), ("messages_per_day", DAY_S, 15 * MINUTE_S)],
)
def test_a_message_counts_for_the_whole_window_and_hardly_longer(counting, limit, window_s, part_s):
    sending = Sending(counting, **{limit: 3})
    assert sending.sent() == 3
    # Another part of the window may begin meanwhile.
    counting.pass_s(window_s - part_s)
    assert sending.send() is not None
    counting.pass_s(2 * part_s)
    assert sending.sent() == 3


def test_the_windows_slide(counting):
    sending = Sending(counting, messages_per_hour=4)
    for _ in range(2):
        assert sending.send() is None
        assert sending.send() is None
        counting.pass_s(HOUR_S // 2)
    assert sending.send().retry_after_s <= 2 * MINUTE_S
    counting.pass_s(2 * MINUTE_S)
    assert sending.sent() == 2
    assert sending.usage.messages_per_hour == 4


def test_recipients_count_each(counting):
    sending = Sending(counting, recipients_per_hour=10, recipients_per_day=15)
    assert sending.send(recipients=7) is None
    excess = sending.send(recipients=4)
    assert (excess.unit, excess.used, excess.limit) == (QuotaUnit.RECIPIENTS_PER_HOUR, 7, 10)
    assert sending.send(recipients=3) is None
    counting.pass_s(HOUR_S + MINUTE_S)
    assert sending.send(recipients=6).unit is QuotaUnit.RECIPIENTS_PER_DAY
    assert sending.send(recipients=5) is None


def test_a_day_is_limited_beside_an_hour(counting):
    sending = Sending(counting, messages_per_hour=5, messages_per_day=8)
    assert sending.sent() == 5
    counting.pass_s(2 * HOUR_S)
    assert sending.sent() == 3
    excess = sending.send()
    assert (excess.unit, excess.used) == (QuotaUnit.MESSAGES_PER_DAY, 8)
    assert 21 * HOUR_S < excess.retry_after_s <= 22 * HOUR_S + 30 * MINUTE_S


def test_what_is_under_way_counts_until_it_is_given_back(counting):
    sending = Sending(counting, messages_per_hour=2)
    assert sending.begin() is None
    assert sending.begin() is None
    assert sending.begin() is not None
    sending.end(is_counted=False, lease="alice-2")
    assert sending.begin() is None
    assert sending.begin() is not None
    assert sending.usage == QuotaUsage(
        messages_per_hour=2, messages_per_day=2, recipients_per_hour=2, recipients_per_day=2, concurrent=2
    )


def test_what_was_not_taken_counts_nothing(counting):
    sending = Sending(counting, messages_per_hour=3, messages_per_day=3)
    for _ in range(20):
        assert sending.begin() is None
        sending.end(is_counted=False)
    assert sending.usage == QuotaUsage()


def test_ending_twice_counts_once(counting):
    sending = Sending(counting, messages_per_hour=10)
    sending.begin()
    for _ in range(3):
        sending.end()
    sending.end(is_counted=False)
    assert sending.usage.messages_per_hour == 1


def test_beginning_twice_takes_once(counting):
    sending = Sending(counting, messages_per_hour=2, concurrent=1)
    for _ in range(5):
        assert sending.begin(lease="the same") is None
    assert sending.usage.messages_per_hour == sending.usage.concurrent == 1


def test_a_place_is_taken_before_it_is_known_what_for(counting):
    sending = Sending(counting, messages_per_hour=1, concurrent=1)
    assert sending.begin(lease="m", messages=0, recipients=0) is None
    assert (sending.usage.concurrent, sending.usage.messages_per_hour) == (1, 0)
    assert sending.begin(lease="m", recipients=3) is None
    sending.end(lease="m")
    assert (sending.usage.concurrent, sending.usage.messages_per_hour, sending.usage.recipients_per_hour) == (0, 1, 3)


def test_there_are_only_so_many_at_the_same_time(counting):
    sending = Sending(counting, concurrent=3)
    assert [sending.begin() for _ in range(3)] == [None] * 3
    excess = sending.begin()
    assert (excess.unit, excess.limit, excess.used) == (QuotaUnit.CONCURRENT, 3, 3)
    sending.end(lease="alice-1")
    assert sending.begin() is None


def test_whoever_does_not_end_leaves_nothing_behind(counting):
    sending = Sending(counting, concurrent=2, messages_per_hour=2)
    for _ in range(2):
        assert sending.begin(lease_s=LEASE_S) is None
    assert sending.begin().unit is QuotaUnit.CONCURRENT
    counting.pass_s(LEASE_S + 1)
    assert sending.usage == QuotaUsage()
    assert sending.begin() is None
    # What comes too late is over.
    sending.end(lease="alice-1")
    assert sending.usage.messages_per_hour == 1


def test_what_could_not_be_asked_about_is_counted_later(counting):
    sending = Sending(counting, messages_per_hour=10, messages_per_day=20)
    sending.end(lease="late", recipients=3, is_late=True, age_s=50 * MINUTE_S)
    assert sending.usage.recipients_per_hour == sending.usage.recipients_per_day == 3
    counting.pass_s(12 * MINUTE_S)
    assert (sending.usage.messages_per_hour, sending.usage.messages_per_day) == (0, 1)


def test_of_what_is_counted_later_the_lease_counts_that_nobody_knew_of(counting):
    sending = Sending(counting, messages_per_hour=10)
    assert sending.begin(recipients=2) is None
    sending.end(recipients=2, is_late=True, age_s=1)
    assert (sending.usage.messages_per_hour, sending.usage.recipients_per_hour) == (1, 2)
    assert sending.usage.concurrent == 0


def test_what_is_told_again_is_counted_once(redis_counting):
    sending = Sending(redis_counting, messages_per_hour=10)
    for _ in range(3):
        sending.end(lease="late", is_late=True)
    assert sending.usage.messages_per_hour == 1
    assert sending.begin() is None


def test_a_burst_goes_beyond_an_hour_and_comes_back_within_a_day(counting):
    sending = Sending(counting, messages_per_hour=10, burst=6)
    assert sending.sent() == 16
    counting.pass_s(HOUR_S + MINUTE_S)
    assert sending.sent() == 10
    counting.pass_s(12 * HOUR_S)
    assert sending.sent() == 13
    counting.pass_s(25 * HOUR_S)
    assert sending.sent() == 16


def test_a_burst_that_was_not_sent_is_given_back(counting):
    sending = Sending(counting, messages_per_hour=1, recipients_per_hour=5, burst=2)
    assert sending.send() is None
    for _ in range(10):
        assert sending.begin(recipients=6) is None
        sending.end(is_counted=False)
    assert sending.begin(recipients=6) is None
    assert sending.begin(recipients=1) is not None


def test_a_burst_does_not_touch_the_limit_of_a_day(counting):
    sending = Sending(counting, messages_per_hour=10, messages_per_day=12, burst=100)
    assert sending.sent() == 12


@pytest.mark.parametrize("name", ["bob", "alice ", "Alice", "}{alice", "\x00", "\udcff", "a" * 100_000, "", "#", "ä"])
def test_everybody_is_counted_apart(counting, name):
    assert Sending(counting, messages_per_hour=2).sent() == 2
    assert Sending(counting, name, messages_per_hour=2).sent() == 2


def test_whoever_is_reset_begins_anew(redis_counting):
    sending = Sending(redis_counting, messages_per_hour=2)
    assert sending.sent() == 2
    assert redis_counting.store.reset(QuotaSubject.LOGIN, "alice")
    assert not redis_counting.store.reset(QuotaSubject.LOGIN, "alice")
    assert sending.sent() == 2


def test_a_limit_that_is_lowered_holds_at_once(counting):
    assert Sending(counting, messages_per_hour=10).sent() == 10
    assert Sending(counting, messages_per_hour=5).send().used == 10
    assert Sending(counting, messages_per_hour=12).sent() == 2


def test_one_question_is_about_many(counting):
    requests = [
        QuotaRequest(
            subject=QuotaSubject.RECIPIENT_DOMAIN, name=f"d{number}.example", recipients=1,
            limits=QuotaLimits(messages_per_hour=number % 2 + 1),
        )
        for number in range(300)
    ]  # fmt: skip
    assert counting.store.begin("one", requests, lease_s=LEASE_S) == (None,) * 300
    answers = counting.store.begin("other", requests, lease_s=LEASE_S)
    assert [answer is None for answer in answers] == [bool(number % 2) for number in range(300)]


def test_the_key_is_short():
    assert quota_key(QuotaSubject.CLIENT, "2001:db8::1") == "pw:q{client:2001:db8::1}"
    assert len(quota_key(QuotaSubject.TENANT, "x" * 10_000)) < 60
