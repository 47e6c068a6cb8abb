# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import select
import signal
from contextlib import suppress

import pytest

from postward.mta.collecting import Collecting
from postward.mta.link import open_link
from postward.observability.collector_settings import CollectorSettings, MetricsAddress
from postward.observability.logger import EventLog
from postward.observability.wire import decode_report
from tests.clock import Clock

PATIENCE_S = 20
FIRST, SECOND = (CollectorSettings(metrics=MetricsAddress(port=port)) for port in (1, 2))


class Told:
    """What the collectors of a test say, each in a process of its own."""

    def __init__(self) -> None:
        self._here, self._there = open_link()
        # Nothing that they say may be lost because nobody reads fast enough.
        os.set_blocking(self._there.fileno(), True)
        self._waiting: list[tuple] = []

    def collect(self, channel, settings):
        self._there.send("began", what=settings.metrics.port)
        while datagram := channel.recv(10_000):
            report = decode_report(datagram)
            self._there.send("took", what=report.settings.metrics.port if report else datagram.decode())
        self._there.send("ended", what=None)

    def next(self):
        while not self._waiting:
            assert select.select([self._here], [], [], PATIENCE_S)[0]
            self._waiting += [(one["kind"], one["what"]) for one in self._here.receive()]
        return self._waiting.pop(0)

    def close(self):
        self._here.close()
        self._there.close()


@pytest.fixture
def told():
    one = Told()
    yield one
    one.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def collecting(told, clock):
    one = Collecting(told.collect, EventLog(), monotonic=clock)
    yield one
    if one.sending.fileno() >= 0:
        one.end()


def fill(sending):
    sending.settimeout(0)
    sent = 0
    with suppress(BlockingIOError):
        while sending.send(b"report"):
            sent += 1
    return sent


def kill(collecting, capfd):
    pid = int(capfd.readouterr().err.split("event=collector.started pid=")[1].split()[0])
    os.kill(pid, signal.SIGKILL)
    assert os.waitpid(pid, 0)[0] == pid
    assert collecting.bury(pid, 137)
    return capfd.readouterr().err


def test_what_is_reported_before_there_are_settings_waits(collecting, told):
    collecting.keep(close=())
    collecting.sending.send(b"early")
    collecting.configure(FIRST)
    collecting.keep(close=())
    assert [told.next() for _ in range(3)] == [("began", 1), ("took", "early"), ("took", 1)]


def test_changed_settings_are_told_once(collecting, told):
    for settings in (FIRST, SECOND):
        collecting.configure(settings)
        collecting.keep(close=())
        collecting.keep(close=())
    collecting.sending.send(b"late")
    assert [told.next() for _ in range(4)] == [("began", 1), ("took", 1), ("took", 2), ("took", "late")]


def test_the_next_one_takes_in_what_the_last_one_left(collecting, told, clock, capfd):
    collecting.configure(FIRST)
    collecting.keep(close=())
    assert [told.next() for _ in range(2)] == [("began", 1), ("took", 1)]
    kill(collecting, capfd)
    collecting.configure(SECOND)
    collecting.sending.send(b"meanwhile")
    collecting.keep(close=())
    clock.now_s += 1
    collecting.keep(close=())
    # Told twice, for older settings might have been under way.
    assert [told.next() for _ in range(3)] == [("began", 2), ("took", "meanwhile"), ("took", 2)]


def test_one_that_dies_again_and_again_is_started_ever_later(collecting, clock, capfd):
    delays = []
    collecting.configure(FIRST)
    for _ in range(3):
        collecting.keep(close=())
        delays.append(float(kill(collecting, capfd).split("restart_in_s=")[1].split()[0]))
        clock.now_s += delays[-1]
    assert delays == [0.1, 0.2, 0.4]
    collecting.keep(close=())
    clock.now_s += 3600
    assert "restart_in_s=0.1" in kill(collecting, capfd)


def test_a_full_channel_makes_nobody_wait(collecting, told):
    sent = fill(collecting.sending)
    collecting.configure(FIRST)
    collecting.keep(close=())
    assert [told.next() for _ in range(1 + sent)][-1] == ("took", "report")
    collecting.keep(close=())
    assert told.next() == ("took", 1)


def test_at_the_end_all_that_was_reported_is_taken_in(collecting, told):
    collecting.configure(FIRST)
    collecting.keep(close=())
    collecting.sending.send(b"last")
    collecting.end()
    assert [told.next() for _ in range(4)] == [("began", 1), ("took", 1), ("took", "last"), ("ended", None)]


def test_what_is_no_collector_is_not_buried(collecting):
    assert not collecting.bury(os.getpid(), 0)
