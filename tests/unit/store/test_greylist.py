# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math
import re

import pytest
import redis
from redis.crc import key_slot

from postward.errors import TemporaryFailure
from postward.model.greylisting import Remembered
from postward.model.redis_url import parse_redis_url
from postward.store.greylist import GreylistTimes, RedisGreylist, redis_key
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.stopped import go_on, hang

PATIENT = CallBounds(wait_s=20, hold_s=20)
"""For a machine that has other things to do."""
NOW_S = 1_790_000_000.0
DAY_S = 86_400.0
NEW = Remembered(envelope_age_s=0, body_age_s=0, knows_sender=False)


@pytest.fixture
def client(redis_server):
    client = redis.Redis.from_url(redis_server.url)
    yield client
    client.flushall()
    client.close()


@pytest.fixture
def open_greylist(redis_server, client):
    opened = []

    def open_one(url=None, bounds=PATIENT, **times):
        opened.append(TimedCalls(parse_redis_url(url or redis_server.url), bounds))
        return RedisGreylist(opened[-1], GreylistTimes(**times))

    yield open_one
    for calls in opened:
        calls.close()


@pytest.fixture
def greylist(open_greylist):
    return open_greylist()


def recall(greylist, envelope="e", body="b", sender="", *, after_s=0.0):
    return greylist.recall(envelope=envelope, body=body, sender=sender, now_s=NOW_S + after_s)


def test_what_is_new_has_no_age_and_from_then_on_it_ages(greylist):
    assert recall(greylist) == NEW
    assert recall(greylist, after_s=10) == Remembered(envelope_age_s=10, body_age_s=10, knows_sender=False)
    assert recall(greylist, after_s=400.5).envelope_age_s == 400.5


def test_to_come_again_too_soon_does_not_begin_anew(greylist):
    for after_s in range(0, 300, 10):
        assert recall(greylist, after_s=after_s).envelope_age_s == after_s
    assert recall(greylist, after_s=300).envelope_age_s == 300


def test_envelope_and_body_age_each_by_itself(greylist):
    recall(greylist, "e1", "b1")
    assert recall(greylist, "e2", "b1", after_s=50) == Remembered(envelope_age_s=0, body_age_s=50, knows_sender=False)
    assert recall(greylist, "e1", "b2", after_s=70) == Remembered(envelope_age_s=70, body_age_s=0, knows_sender=False)
    assert recall(greylist, "b1", "e1", after_s=90) == NEW


def test_a_message_that_does_not_come_again_is_forgotten_after_the_window(greylist, client):
    recall(greylist)
    recall(greylist, after_s=299)
    for kind, name in (("envelope", "e"), ("body", "b")):
        assert 2 * DAY_S - 60 < client.ttl(redis_key(kind, name)) <= 2 * DAY_S


def test_an_envelope_that_has_matured_is_known_for_long_and_a_body_is_not(greylist, client):
    recall(greylist)
    recall(greylist, after_s=300)
    assert 35 * DAY_S - 60 < client.ttl(redis_key("envelope", "e")) <= 35 * DAY_S
    assert client.ttl(redis_key("body", "b")) <= 2 * DAY_S


def test_redis_forgets_by_itself(open_greylist, client):
    greylist = open_greylist(delay_s=0.001, window_s=0.2, known_s=0.2)
    recall(greylist)
    greylist.note_sender("bank.example")
    keys = [redis_key("envelope", "e"), redis_key("body", "b"), redis_key("sender", "bank.example")]
    # A client of a key that has gone by its own time is told that of each.
    client.config_set("notify-keyspace-events", "Ex")
    try:
        with client.pubsub() as listening:
            listening.subscribe("__keyevent@0__:expired")
            gone = {key for key in keys if not client.exists(key)}
            while gone != set(keys):
                told = listening.get_message(ignore_subscribe_messages=True, timeout=20)
                gone |= {told["data"].decode()} if told else {key for key in keys if not client.exists(key)}
    finally:
        client.config_set("notify-keyspace-events", "")
    assert recall(greylist, sender="bank.example", after_s=0.1) == NEW


def test_a_sender_is_known_when_noted_and_for_as_long_as_it_writes(open_greylist, client):
    greylist = open_greylist(known_s=1_000)
    assert not recall(greylist, sender="bank.example").knows_sender
    assert not recall(greylist, sender="bank.example").knows_sender
    greylist.note_sender("bank.example")
    client.expire(redis_key("sender", "bank.example"), 10)
    assert recall(greylist, sender="bank.example").knows_sender
    assert 900 < client.ttl(redis_key("sender", "bank.example")) <= 1_000
    assert not recall(greylist, sender="shop.example").knows_sender


def test_without_a_sender_none_is_known(greylist):
    greylist.note_sender("")
    assert not recall(greylist, sender="").knows_sender


def test_a_host_whose_clock_is_ahead_makes_nobody_wait_for_that(greylist):
    recall(greylist, after_s=86_400)
    assert recall(greylist) == NEW
    assert recall(greylist, after_s=300).envelope_age_s == 300


@pytest.mark.parametrize("name", ["a\r\nFLUSHALL\r\n", "}{", "*", "a" * 100_000, "\udcff", "\x00", "{a}", "", "e1"])
def test_nothing_from_outside_stands_in_a_key(greylist, client, name):
    greylist.note_sender(name)
    assert recall(greylist, name, name, name) == Remembered(envelope_age_s=0, body_age_s=0, knows_sender=bool(name))
    found = client.keys("*")
    assert len(found) == 3
    assert all(re.fullmatch(rb"postward:greylist:(envelope|body|sender):\{[0-9a-f]{32}\}", key) for key in found)


def test_each_key_has_a_slot_of_its_own():
    slots = {key_slot(redis_key("envelope", f"{number}").encode()) for number in range(1_000)}
    assert len(slots) > 900


def test_it_works_on_a_server_behind_sentinels_and_on_a_cluster(redis_group, open_greylist):
    greylist = open_greylist(redis_group.url)
    for number in range(50):
        name = f"user{number}@example.com"
        greylist.note_sender(name)
        assert recall(greylist, name, name, name) == Remembered(envelope_age_s=0, body_age_s=0, knows_sender=True)
        assert recall(greylist, name, name, after_s=300).envelope_age_s == 300


def test_one_message_is_one_round_trip(greylist, client):
    recall(greylist)
    before = client.info("stats")["total_reads_processed"]
    for number in range(50):
        recall(greylist, f"e{number}", f"b{number}", "bank.example")
    # Each is read at once, whatever the number of commands in it; one more is the question itself.
    assert client.info("stats")["total_reads_processed"] - before <= 51


def test_flushed_with_its_scripts_it_begins_anew(greylist, client):
    recall(greylist)
    client.flushall()
    client.script_flush()
    assert recall(greylist, after_s=500) == NEW
    assert recall(greylist, after_s=510).envelope_age_s == 10


@pytest.mark.parametrize("content", [b"", b"nonsense", b"nan", b"inf", b"99999999999999999999"])
def test_what_is_no_time_counts_as_never_seen(greylist, client, content):
    client.set(redis_key("envelope", "e"), content)
    assert recall(greylist) == NEW
    assert recall(greylist, after_s=300).envelope_age_s == 300


def test_a_key_that_holds_something_else_is_a_failure_that_names_no_key(greylist, client):
    client.hset(redis_key("envelope", "e"), "a", "b")
    with pytest.raises(TemporaryFailure, match="WRONGTYPE") as failure:
        recall(greylist)
    assert "postward:greylist" not in str(failure.value)


def test_a_server_that_hangs_costs_one_time_out(redis_server, open_greylist):
    greylist = open_greylist(bounds=CallBounds(wait_s=0.15, starved_s=math.inf, hold_s=20))
    hang(redis_server.pid)
    try:
        with pytest.raises(TemporaryFailure, match="did not answer in time"):
            recall(greylist)
        with pytest.raises(TemporaryFailure, match="passed over"):
            recall(greylist)
    finally:
        go_on(redis_server.pid)


def test_a_server_that_was_restarted_is_asked_again(redis_server, greylist):
    recall(greylist)
    redis_server.stop()
    try:
        with pytest.raises(TemporaryFailure):
            recall(greylist)
    finally:
        redis_server.start()
    for _ in range(PATIENT.threads + 1):
        last = recall(greylist, after_s=300)
    assert last == NEW
