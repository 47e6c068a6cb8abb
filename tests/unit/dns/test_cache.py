# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.cache import AnswerCache
from postward.dns.settings import DnsSettings


def question(number):
    return f"{number}.example", RecordType.TXT


def answer(text=b"x", ttl_s=100.0, outcome=Outcome.OK):
    return Answer(outcome=outcome, records=(text,) if outcome is Outcome.OK else (), ttl_s=ttl_s)


@pytest.mark.parametrize(
    ("kept", "lifetime_s"),
    [
        (answer(ttl_s=100), 100),
        (answer(ttl_s=0), 5),
        (answer(ttl_s=10**9), 3600),
        (answer(outcome=Outcome.NXDOMAIN, ttl_s=30), 30),
        (answer(outcome=Outcome.NODATA, ttl_s=30), 30),
        (answer(outcome=Outcome.SERVFAIL, ttl_s=100), 2),
        (answer(outcome=Outcome.TIMEOUT, ttl_s=100), 2),
    ],
)
def test_an_answer_is_kept_for_its_time_within_the_limits(clock, kept, lifetime_s):
    cache = AnswerCache(DnsSettings(min_ttl_s=5, max_ttl_s=3600, failure_ttl_s=2), clock)
    cache.put(question(1), kept)
    clock.advance(lifetime_s - 0.5)
    assert cache.get(question(1)) == kept
    clock.advance(0.5)
    assert cache.get(question(1)) is None
    assert (len(cache), cache.size_bytes) == (0, 0)


def test_the_least_recently_used_goes_first(clock):
    cache = AnswerCache(DnsSettings(cache_entries=3), clock)
    for number in range(3):
        cache.put(question(number), answer())
    cache.get(question(0))
    cache.put(question(3), answer())
    assert [number for number in range(4) if cache.get(question(number))] == [0, 2, 3]


def test_the_bytes_are_bounded_whatever_is_put_in(clock):
    cache = AnswerCache(DnsSettings(cache_max_bytes=300_000), clock)
    for number in range(200):
        cache.put(question(number), answer(b"x" * 60_000))
        assert cache.size_bytes <= 300_000
    assert len(cache) == 4
    cache.put(question(0), answer(b"x" * 400_000))
    assert cache.get(question(0)) is None


def test_many_records_weigh_more_than_their_text(clock):
    cache = AnswerCache(DnsSettings(), clock)
    cache.put(question(1), Answer(outcome=Outcome.OK, records=(b"",) * 1000, ttl_s=60))
    assert cache.size_bytes > 50_000


def test_a_newer_answer_replaces_the_older(clock):
    cache = AnswerCache(DnsSettings(), clock)
    cache.put(question(1), answer(b"x" * 1000))
    cache.put(question(1), answer(b"y"))
    assert cache.get(question(1)) == answer(b"y")
    alone = AnswerCache(DnsSettings(), clock)
    alone.put(question(1), answer(b"y"))
    assert (len(cache), cache.size_bytes) == (len(alone), alone.size_bytes)


def test_hits_are_counted(clock):
    cache = AnswerCache(DnsSettings(), clock)
    cache.get(question(1))
    cache.put(question(1), answer())
    cache.get(question(1))
    assert cache.hits == 1


def test_threads_leave_the_sums_right(clock):
    cache = AnswerCache(DnsSettings(cache_entries=50), clock)

    def work(start):
        for number in range(start, start + 500):
            cache.put(question(number % 80), answer(b"x" * (number % 7)))
            cache.get(question((number * 3) % 80))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    sizes = cache.size_bytes
    kept = [number for number in range(80) if cache.get(question(number))]
    assert len(kept) == len(cache) == 50
    assert sizes > 50 * 400
