# SPDX-License-Identifier: GPL-3.0-or-later
"""What has waited long enough is seen to, and nothing sooner."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from postward.app.courier.housekeeping import ModerationCourier, QuarantineCourier
from postward.spool.kept_message import Decision
from postward.spool.message_store import MessageStore
from tests.smtp_sink import SmtpSink
from tests.unit.app.courier.parts import CONTENT, Log, Moment, desk
from tests.unit.spool.kept import NOW_S, held, kept

DAY_S = 86_400.0


@pytest.fixture
def sink():
    with SmtpSink() as running:
        yield running


@pytest.fixture
def log():
    made = Log()
    yield made
    made.close()


@pytest.fixture
def clock():
    return Moment()


@pytest.fixture
def store(tmp_path):
    return MessageStore(tmp_path / "kept")


@pytest.fixture
def moderation(store, sink, log, clock):
    return ModerationCourier(store, desk(store, sink, clock), log.log, retention_s=DAY_S, clock=clock)


@pytest.fixture
def quarantine(store, log, clock):
    return QuarantineCourier(store, log.log, retention_s=DAY_S, clock=clock)


def expiring(after_s, on_expire=Decision.DELIVER):
    message = held()
    return replace(message, moderation=replace(message.moderation, expires_s=NOW_S + after_s, on_expire=on_expire))


def test_a_held_message_expires_in_time(store, moderation, sink, clock, log):
    store.put(expiring(3_600), CONTENT)
    clock.now_s += 3_599
    moderation.step()
    assert sink.received == []
    clock.now_s += 1
    moderation.step()
    assert len(sink.received) == 1
    assert "event=moderation.done" in log.text
    assert "by=expiry" in log.text


def test_no_message_is_held_longer_than_is_allowed(store, moderation, clock):
    store.put(expiring(10 * DAY_S, Decision.DISCARD), CONTENT)
    clock.now_s += DAY_S
    moderation.step()
    assert store.listing().messages == ()


def test_what_was_decided_is_tried_again_when_that_is_due(store, moderation, sink, clock):
    sink.answers["."] = "451 later"
    message = store.put(expiring(3_600), CONTENT)
    desk(store, sink, clock).decide(message.id, "approve", by="boss")
    del sink.answers["."]
    clock.now_s += 59
    moderation.step()
    assert sink.received == []
    clock.now_s += 1
    moderation.step()
    assert len(sink.received) == 1


def test_one_that_cannot_be_read_holds_up_no_other(store, moderation, sink, clock, log):
    damaged = store.put(expiring(1), CONTENT)
    (store.folder / f"{damaged.id}.eml").write_bytes(b"other")
    broken = store.put(expiring(1), CONTENT)
    (store.folder / f"{broken.id}.json").write_text("{")
    store.put(expiring(1), CONTENT)
    clock.now_s += 10
    moderation.step()
    assert len(sink.received) == 1
    assert "event=moderation.failed" in log.text
    assert "event=moderation.damaged" in log.text


def test_what_is_damaged_does_not_fill_the_log(store, moderation, quarantine, clock, log):
    damaged = store.put(expiring(1), CONTENT)
    (store.folder / f"{damaged.id}.eml").write_bytes(b"other")
    broken = store.put(expiring(1), CONTENT)
    (store.folder / f"{broken.id}.json").write_text("{")
    clock.now_s += 10
    for _ in range(10):
        moderation.step()
        quarantine.step()
        clock.now_s += 15
    events = ("moderation.failed", "moderation.damaged", "quarantine.damaged")
    assert [log.text.count(f"event={event}") for event in events] == [1, 1, 1]
    clock.now_s += 300
    moderation.step()
    assert log.text.count("event=moderation.failed") == 2


def test_one_that_a_moderator_works_on_is_left_to_him(store, moderation, sink, clock):
    message = store.put(expiring(1), CONTENT)
    clock.now_s += 10
    with store.claim(message.id):
        moderation.step()
    assert sink.received == []


def test_the_quarantine_keeps_a_message_for_its_days(store, quarantine, clock, log):
    old = store.put(kept(time_s=NOW_S), CONTENT)
    young = store.put(kept(time_s=NOW_S + 60), CONTENT)
    clock.now_s += DAY_S - 1
    quarantine.step()
    assert len(store.listing().messages) == 2
    clock.now_s += 1
    quarantine.step()
    assert [message.id for message in store.listing().messages] == [young.id]
    assert f"kept_id={old.id}" in log.text


def test_what_interrupted_processes_left_goes_too(store, quarantine, moderation, clock):
    store.put(kept(), CONTENT)
    left = store.folder / ".x"
    left.write_text("half")
    os.utime(left, (NOW_S - 7_200, NOW_S - 7_200))
    quarantine.tidy()
    assert not left.exists()
    moderation.tidy()
    assert len(store.listing().messages) == 1
