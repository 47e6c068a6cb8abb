# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import os
import socket
import threading

import pytest

from postward.observability.channel import Channel, open_channel, send_settings
from postward.observability.collector_settings import CollectorSettings
from postward.observability.event import Event, Level
from postward.observability.families import EVENTS_LOST, LOG_LINES_LOST, MESSAGES
from postward.observability.logger import EventLog
from postward.observability.metrics import WorkerMetrics
from postward.observability.wire import MAX_DATAGRAM_BYTES, decode_report


@pytest.fixture
def ends():
    receiving, sending = open_channel()
    receiving.settimeout(20)
    yield receiving, sending
    receiving.close()
    sending.close()


@pytest.fixture
def log(tmp_path):
    fd = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    yield EventLog(fd=fd)
    os.close(fd)


def event(number: int, text: str = "") -> Event:
    return Event(name="message.verdict", level=Level.INFO, time_s=0.0, fields={"id": str(number), "text": text})


def received(receiving) -> list:
    """Take everything that is there."""
    receiving.settimeout(0)
    reports = []
    with contextlib.suppress(BlockingIOError):
        while datagram := receiving.recv(MAX_DATAGRAM_BYTES + 1):
            reports.append(decode_report(datagram))
    return reports


def fill(sending) -> None:
    """Send until the socket takes nothing more."""
    sending.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        while True:
            sending.send(b"x" * 40_000)


def test_events_and_metrics_are_sent_under_the_number_of_the_process(ends, log):
    receiving, sending = ends
    metrics = WorkerMetrics()
    channel = Channel(sending, metrics, log)
    channel.post(event(1))
    metrics.add(MESSAGES, "accept")
    assert received(receiving) == []
    assert channel.flush()
    events, counts = received(receiving)
    assert events.sender == counts.sender == str(os.getpid())
    assert '"id":"1"' in events.events[0]
    assert counts.delta == {(MESSAGES.name, ("accept",)): 1}


def test_what_the_socket_does_not_take_stays_for_the_next_time(ends, log):
    receiving, sending = ends
    metrics = WorkerMetrics()
    channel = Channel(sending, metrics, log)
    for number in range(600):
        channel.post(event(number, "x" * 1000))
    metrics.add(MESSAGES, "junk")
    seen: list[str] = []
    assert not channel.flush()
    rounds = 0
    while True:
        reports = received(receiving)
        seen += [line for report in reports for line in report.events]
        if any(report.delta for report in reports):
            break
        channel.flush()
        rounds += 1
    assert rounds > 0
    assert [line.partition('"id":"')[2].partition('"')[0] for line in seen] == [str(number) for number in range(600)]


def test_events_beyond_the_bound_are_dropped_and_counted(ends, log):
    _, sending = ends
    metrics = WorkerMetrics()
    channel = Channel(sending, metrics, log)
    for number in range(4100):
        channel.post(event(number))
    assert metrics.take() == {(EVENTS_LOST.name, ()): 4}


def test_lines_that_the_log_lost_are_counted_once(ends):
    receiving, sending = ends
    log = EventLog(fd=-1)
    log.info("a")
    log.info("b")
    channel = Channel(sending, WorkerMetrics(), log)
    assert channel.flush()
    assert channel.flush()
    (report,) = received(receiving)
    assert report.delta == {(LOG_LINES_LOST.name, ()): 2}


def test_drain_waits_until_the_collector_reads(ends, log):
    receiving, sending = ends
    channel = Channel(sending, WorkerMetrics(), log)
    for number in range(600):
        channel.post(event(number, "x" * 1000))
    lines: list[str] = []

    def read():
        while len(lines) < 600:
            lines.extend(decode_report(receiving.recv(MAX_DATAGRAM_BYTES)).events)

    reader = threading.Thread(target=read)
    reader.start()
    assert channel.drain(20)
    reader.join(20)
    assert len(lines) == 600


def test_a_collector_that_is_gone_holds_up_nobody(ends, log):
    receiving, sending = ends
    receiving.close()
    channel = Channel(sending, WorkerMetrics(), log)
    channel.post(event(1))
    assert not channel.flush()
    assert not channel.drain(3600)


def test_settings_never_wait_for_a_collector_that_does_not_read(ends):
    receiving, sending = ends
    send_settings(sending, CollectorSettings())
    assert received(receiving)[0].settings == CollectorSettings()
    fill(sending)
    with pytest.raises(BlockingIOError):
        send_settings(sending, CollectorSettings())


def test_it_is_a_channel_with_an_end():
    receiving, sending = open_channel()
    with receiving:
        assert receiving.type == socket.SOCK_SEQPACKET
        sending.close()
        assert receiving.recv(100) == b""
