# SPDX-License-Identifier: GPL-3.0-or-later
"""The crowd of the overload bench, and how its figures are made."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.bench.overload.crowd import CROWD, QUIET, Kind, arrivals, bad_clients, good_clients
from tests.bench.overload.figures import Repeat, lines, percentile, summarize
from tests.bench.overload.mta_session import End, Handled, Letter, hand_over

CAPACITY, SECONDS = 80.0, 100.0


def handled(*times, end=End.ACCEPTED, kind=Kind.GOOD):
    return [(kind, Handled(end=end, ms=ms)) for ms in times]


def test_twice_as_much_is_offered_as_can_be_judged_and_the_good_alone_would_not_fill_it():
    assert sum(CROWD.values()) == pytest.approx(2.0)
    assert CROWD[Kind.GOOD] == QUIET[Kind.GOOD] < 0.7


def test_each_kind_comes_as_often_as_it_should_and_a_seed_gives_the_same_crowd():
    stream = arrivals(CROWD, CAPACITY, SECONDS, seed=1)
    counts = Counter(arrival.kind for arrival in stream)
    for kind, share in CROWD.items():
        assert counts[kind] == pytest.approx(share * CAPACITY * SECONDS, rel=0.15)
    assert stream == arrivals(CROWD, CAPACITY, SECONDS, seed=1) != arrivals(CROWD, CAPACITY, SECONDS, seed=2)
    assert [arrival.after_s for arrival in stream] == sorted(arrival.after_s for arrival in stream)


def test_the_known_come_from_their_addresses_and_users_have_logged_in():
    known = {Kind.GOOD: set(map(str, good_clients())), Kind.BAD: set(map(str, bad_clients()))}
    for arrival in arrivals(CROWD, CAPACITY, 10.0, seed=1):
        assert (arrival.letter.user != "") == (arrival.kind is Kind.USERS)
        for kind, addresses in known.items():
            assert (arrival.letter.client in addresses) == (arrival.kind is kind)


def test_only_what_was_accepted_is_timed_and_the_rest_is_counted_where_it_was_put_off():
    run = summarize([*handled(*range(1, 101)), *handled(1.0, 2.0, end=End.AT_MAIL)])
    good = run[Kind.GOOD]
    assert (good.offered, good.ends[End.AT_MAIL], good.p50_ms, good.p99_ms) == (102, 2, 51, 100)
    assert lines("here", [run]) == ["| here: good senders | 102 | 98.0 % | 2.0 % | 0.0 % | 0.0 % | 51 | 100 |"]


def test_of_nothing_there_is_no_time():
    assert percentile([], 0.99) == 0.0


def test_the_ratio_is_that_of_the_good_ones_in_one_repeat():
    quiet, shed = summarize(handled(200.0)), summarize([*handled(300.0), *handled(900.0, kind=Kind.BAD)])
    broken = summarize(handled(1.0, end=End.BROKEN))
    repeat = Repeat(quiet=quiet, shed=shed, unshed=broken)
    assert (repeat.ratio, repeat.broken) == (pytest.approx(1.5), 1)


def test_a_session_that_cannot_be_had_is_broken(tmp_path):
    letter = Letter(client="192.0.2.1", sender="a@example.com", recipient="b@example.net")
    assert asyncio.run(hand_over(str(tmp_path / "none.sock"), letter)).end is End.BROKEN
