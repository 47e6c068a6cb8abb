# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from postward.errors import TemporaryFailure
from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.observability.logger import EventLog
from postward.pipeline.quota_endings import MAX_WAITING, QuotaEndings

LEASE_S = 60
PATIENCE_S = 20
REQUEST = QuotaRequest(subject=QuotaSubject.LOGIN, name="alice", limits=QuotaLimits(messages_per_hour=1))


class Store:
    """Is silent as long as it is told to be, and keeps what it is told."""

    def __init__(self):
        self.is_silent = False
        self.told = []
        self.asked = threading.Semaphore(0)

    def end(self, endings, *, lease_s):
        assert lease_s == LEASE_S
        if not self.is_silent:
            self.told.extend(endings)
        self.asked.release()
        if self.is_silent:
            raise TemporaryFailure("did not answer in time")

    def wait(self, times=1):
        for _ in range(times):
            assert self.asked.acquire(timeout=PATIENCE_S)


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def now_s():
    return [0.0]


@pytest.fixture
def endings(store, now_s):
    endings = QuotaEndings(store, EventLog(), lease_s=LEASE_S, again_s=0.01, clock=lambda: now_s[0])
    yield endings
    endings.close()


def ending(lease="t1", **values):
    return QuotaEnding(request=REQUEST, lease=lease, is_counted=True, **values)


def test_they_are_told_beside_the_mail_path(store, endings):
    endings.add([ending("t1"), ending("t2")])
    store.wait()
    assert [each.lease for each in store.told] == ["t1", "t2"]


def test_where_redis_is_silent_they_are_told_again_in_their_order(store, endings, now_s):
    store.is_silent = True
    for number in range(200):
        endings.add([ending(f"t{number}", is_late=True)])
    store.wait(3)
    now_s[0] = 100.0
    store.is_silent = False
    while len(store.told) < 200:
        store.wait()
    assert [each.lease for each in store.told] == [f"t{number}" for number in range(200)]
    assert {each.age_s for each in store.told} == {100.0}


def test_a_lease_that_is_over_is_told_no_more(store, endings, now_s):
    store.is_silent = True
    endings.add([ending("lease"), ending("late", is_late=True)])
    store.wait()
    now_s[0] = LEASE_S
    store.wait(2)
    store.is_silent = False
    while not store.told:
        store.wait()
    assert [each.lease for each in store.told] == ["late"]


def test_so_many_wait_and_no_more(store, endings):
    store.is_silent = True
    endings.add([ending()])
    store.wait()
    endings.add(ending(f"t{number}", is_late=True) for number in range(2 * MAX_WAITING))
    store.wait(3)
    assert len(endings) <= MAX_WAITING
    store.is_silent = False
    endings.close()
    assert store.told[-1].lease == f"t{2 * MAX_WAITING - 1}"


def test_domains_of_recipients_drive_out_nobody_else(store, endings):
    store.is_silent = True
    endings.add([ending()])
    store.wait()
    domain = replace(REQUEST, subject=QuotaSubject.RECIPIENT_DOMAIN)
    endings.add([ending("sender"), *(replace(ending("t2"), request=domain) for _ in range(2 * MAX_WAITING))])
    assert len(endings) <= 2 * MAX_WAITING
    store.is_silent = False
    endings.close()
    assert "sender" in [each.lease for each in store.told]
    assert [each.request for each in store.told].count(domain) <= MAX_WAITING


def test_closing_tells_what_is_left_and_does_not_wait_for_a_silent_redis(store, endings):
    endings.add(ending(f"t{number}") for number in range(500))
    endings.close()
    assert len(store.told) == 500
    store.is_silent = True
    endings.add([ending()])
    endings.close()
    assert len(store.told) == 500


def test_a_slow_redis_does_not_hold_up_the_end_of_a_worker(store, now_s):
    store.is_silent = True
    endings = QuotaEndings(store, EventLog(), lease_s=LEASE_S, again_s=PATIENCE_S, clock=lambda: now_s[0])
    endings.add(ending(f"t{number}") for number in range(MAX_WAITING))
    store.wait()

    def slow_end(some, *, lease_s):
        store.told.extend(some)
        now_s[0] += 1

    store.end = slow_end
    endings.close()
    assert 0 < len(store.told) < MAX_WAITING / 10
    assert now_s[0] < 10
