# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts do with one key, whatever is there."""

from __future__ import annotations

import functools
import struct
import time
from datetime import UTC, datetime, timedelta

import pytest

from postward.model.reputation import Record
from postward.model.reputation_day import ReputationDay
from postward.store.reputation.history import pack_days, unpack_days
from postward.store.reputation.keys import HISTORY
from postward.store.reputation.record import MOST, pack, unpack
from postward.store.reputation.scripts import TEXTS, TOKENS, Batch, Code, Flag, script_for

KEY = "pw:r{d:example.com}"
DAYS = KEY + HISTORY
LATER_MS = 1e15
TOKEN, OTHER = 7 * TOKENS + 3, 8 * TOKENS + 3
"""Of two workers."""
NOW_S = int(time.time())


def today():
    return datetime.now(UTC).date()


def on_one_day(test):
    """Do it again where midnight came in between: the server has a clock of its own."""

    @functools.wraps(test)
    def again(**arguments):
        while True:
            day_begun = today()
            try:
                test(**arguments)
            except AssertionError:
                if today() == day_begun:
                    raise
                arguments["client"].flushall()
            else:
                return

    return again


@pytest.fixture
def client(single):
    with single.client() as client:
        for text in TEXTS:
            client.script_load(text)
        yield client


def batch(*, token=TOKEN, sent_s=NOW_S, not_after_ms=LATER_MS, is_again=False):
    return Batch(token=token, sent_s=sent_s, not_after_ms=not_after_ms, is_again=is_again)


def run(client, key=KEY, amounts=(1.0, 0.0, 0.0, 1.0), **others):
    return client.execute_command(*script_for(key).command(key, amounts, batch(**others)))


def record(*, good=1.0, bad=0.0, hard=0.0, seen=1.0, first_s=NOW_S - 10, last_s=NOW_S - 10):
    return Record(good=good, bad=bad, hard=hard, seen=seen, first_s=first_s, last_s=last_s)


def read(client, key=KEY):
    value = client.get(key)
    return unpack(value) if key == KEY else unpack_days(value)


def day(ago=0, *, good=1.0, seen=1.0):
    return ReputationDay(day=today() - timedelta(ago), good=good, bad=0, hard=0, seen=seen)


@pytest.mark.parametrize("key", [KEY, DAYS])
def test_what_comes_too_late_is_not_done(client, key):
    assert run(client, key, not_after_ms=(time.time() - 5) * 1_000) == Code.LATE
    assert not client.exists(key)
    assert run(client, key, not_after_ms=(time.time() + 60) * 1_000) == Code.DONE


@pytest.mark.parametrize("key", [KEY, DAYS])
def test_what_is_sent_again_is_not_done_again(client, key):
    assert run(client, key) == Code.DONE
    before = client.get(key)
    for sent_s in (0, NOW_S, NOW_S + 86_400):
        assert run(client, key, is_again=True, sent_s=sent_s) == Code.BEFORE
    assert client.get(key) == before


@pytest.mark.parametrize("key", [KEY, DAYS])
def test_what_is_sent_again_is_done_where_nobody_else_touched_the_key_meanwhile(client, key):
    run(client, key, token=OTHER)
    assert run(client, key, is_again=True, sent_s=NOW_S + 86_400) == Code.DONE
    run(client, key, token=OTHER)
    before = client.get(key)
    assert run(client, key, is_again=True, sent_s=NOW_S - 5) == Code.UNCLEAR
    assert client.get(key) == before


@pytest.mark.parametrize("key", [KEY, DAYS])
def test_where_the_same_worker_was_the_last_it_had_not_been_done(client, key):
    run(client, key, token=TOKEN - 1)
    assert run(client, key, is_again=True, sent_s=NOW_S - 5) == Code.DONE
    assert run(client, key, is_again=True, sent_s=NOW_S - 5) == Code.BEFORE


@pytest.mark.parametrize("key", [KEY, DAYS])
def test_what_is_sent_again_is_done_where_nothing_is_there(client, key):
    assert run(client, key, is_again=True, sent_s=NOW_S - 5) == Code.DONE


@pytest.mark.parametrize(
    "value", [b"", b"x", b"x" * 44 + b"x" * 18, struct.pack("<ddddIII", 1, float("nan"), 1, 1, 1, 1, 7)]
)
def test_what_is_none_of_ours_is_replaced(client, value):
    client.set(KEY, value)
    assert run(client, is_again=True, sent_s=0) == Code.DONE | Flag.REFUSED
    assert (read(client).good, read(client).seen) == (1, 1)


def test_a_clock_that_was_set_back_makes_nothing_fade_or_grow_and_takes_no_time_back(client):
    ahead = record(good=3, first_s=NOW_S - 50, last_s=NOW_S + 3_000)
    client.set(KEY, pack(ahead, mark=3))
    assert run(client) == Code.DONE
    assert read(client) == record(good=4, seen=2, first_s=NOW_S - 50, last_s=NOW_S + 3_000)


def test_a_time_that_was_wrong_by_far_is_set_right(client):
    client.set(KEY, pack(record(good=3, first_s=NOW_S + 9_000_000, last_s=NOW_S + 9_999_999)))
    assert run(client) == Code.DONE
    found = read(client)
    assert (found.good, found.seen) == (4, 2)
    assert found.first_s == found.last_s == pytest.approx(time.time(), abs=60)


def test_amounts_end_somewhere(client):
    client.set(KEY, pack(record(good=MOST, seen=MOST)))
    assert run(client, amounts=(MOST, 0.0, 0.0, MOST)) == Code.DONE
    assert (read(client).good, read(client).seen) == (MOST, MOST)
    assert run(client, amounts=(float("nan"), -1.0, float("inf"), 1.0)) == Code.DONE
    assert (read(client).bad, read(client).hard) == (0, 0)


def test_evidence_from_long_ago_is_gone_and_no_number_is_odd(client):
    client.set(KEY, pack(record(good=5, seen=5, first_s=1, last_s=1)))
    assert run(client) == Code.DONE
    assert read(client).good == pytest.approx(1)
    assert read(client).seen == 6


@pytest.mark.parametrize(
    ("good", "bad", "seen", "has_history"),
    [(30, 0, 30, False), (5, 5, 10, False), (30, 1, 40, True), (0, 25, 30, True)],
)
def test_some_messages_that_are_not_all_good_are_worth_a_history(client, good, bad, seen, has_history):
    assert bool(run(client, amounts=(good, bad, 0.0, seen)) & Flag.HISTORY) is has_history
    # Also where it was there already: who sent that has had no answer.
    assert bool(run(client, amounts=(good, bad, 0.0, seen), is_again=True) & Flag.HISTORY) is has_history


@on_one_day
def test_a_day_adds_up_and_the_next_one_begins(client):
    client.set(DAYS, pack_days([day(3), day(1, good=7)], last_s=NOW_S - 86_400))
    assert run(client, DAYS) == Code.DONE
    assert run(client, DAYS, (0.5, 0.0, 0.0, 2.0)) == Code.DONE
    assert read(client, DAYS) == (day(3), day(1, good=7), day(0, good=1.5, seen=3))


@on_one_day
def test_days_before_the_last_sixty_are_dropped(client):
    client.set(DAYS, pack_days([day(ago) for ago in range(1, 61)], last_s=0))
    run(client, DAYS)
    assert [found.day for found in read(client, DAYS)] == [day(ago).day for ago in range(59, -1, -1)]
    client.set(DAYS, pack_days([day(ago) for ago in range(100, 160)], last_s=0))
    run(client, DAYS)
    assert read(client, DAYS) == (day(),)


@on_one_day
def test_a_day_that_has_begun_on_another_clock_goes_on(client):
    client.set(DAYS, pack_days([day(-1)], last_s=NOW_S))
    run(client, DAYS)
    assert read(client, DAYS) == (day(-1, good=2, seen=2),)


@on_one_day
@pytest.mark.parametrize(
    "value",
    [
        b"", b"x" * 7, b"x" * 8 + b"x" * 17, b"\xff" * (8 + 18), b"x" * (8 + 61 * 18),
        struct.pack("<IIHffff", 0, 0, 20_000, 1, -1, 1, 1),
        struct.pack("<IIHffff", 0, 0, 20_000, float("nan"), 1, 1, 1),
    ],
)  # fmt: skip
def test_what_is_no_history_is_replaced(client, value):
    client.set(DAYS, value)
    assert unpack_days(value) is None or value == b"x" * 8
    assert run(client, DAYS) == Code.DONE | Flag.REFUSED
    assert read(client, DAYS) == (day(),)
