# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from postward.model.quota import QuotaSubject, QuotaUnit
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.store.quotas.local_quotas import LocalQuotas, shared

LEASE_S = 60


def request(name="alice", **limits):
    return QuotaRequest(subject=QuotaSubject.LOGIN, name=name, limits=QuotaLimits(**limits), recipients=1)


def send(quotas, wanted, lease="t"):
    (excess,) = quotas.begin(lease, [wanted], lease_s=LEASE_S)
    if excess is None:
        quotas.end([QuotaEnding(request=wanted, lease=lease, is_counted=True)], lease_s=LEASE_S)
    return excess


def test_each_of_so_many_workers_has_its_share():
    quotas = LocalQuotas(4)
    assert [send(quotas, request(messages_per_hour=9)) for _ in range(2)] == [None, None]
    excess = send(quotas, request(messages_per_hour=9))
    assert (excess.unit, excess.limit, excess.used) == (QuotaUnit.MESSAGES_PER_HOUR, 2, 2)


@pytest.mark.parametrize("workers", [1, 3, 100])
def test_a_share_is_never_nothing_and_what_is_not_limited_stays_so(workers):
    limits = QuotaLimits(messages_per_hour=30, recipients_per_day=2, concurrent=6, burst=5)
    share = shared(limits, workers)
    assert share.messages_per_hour == max(1, 30 // workers)
    assert share.recipients_per_day == max(1, 2 // workers)
    assert share.concurrent == max(1, 6 // workers)
    assert share.burst == 5 // workers
    assert (share.messages_per_day, share.recipients_per_hour) == (None, None)


def test_of_too_many_those_go_that_have_not_sent_for_longest():
    quotas = LocalQuotas(1, most=100)
    for number in range(100):
        send(quotas, request(f"user{number}", messages_per_hour=1))
    send(quotas, request("user0", messages_per_hour=1))
    for number in range(50):
        send(quotas, request(f"other{number}", messages_per_hour=1))
    assert len(quotas) == 100
    assert send(quotas, request("user0", messages_per_hour=1)) is not None
    assert send(quotas, request("user1", messages_per_hour=1)) is None


def test_what_is_kept_of_one_is_bounded():
    now_s = [0.0]
    quotas = LocalQuotas(1, clock=lambda: now_s[0])
    for minute in range(3_000):
        now_s[0] = 60.0 * minute
        send(quotas, request(messages_per_hour=1_000, messages_per_day=100_000))
    usage = quotas.usage(QuotaSubject.LOGIN, "alice")
    assert (usage.messages_per_hour, usage.concurrent) == (61, 0)
    assert 1_440 <= usage.messages_per_day <= 1_455


def test_many_threads_never_pass_the_limit():
    quotas, wanted = LocalQuotas(1), request(messages_per_hour=97)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda number: send(quotas, wanted, f"t{number}"), range(500)))
    assert answers.count(None) == 97
