# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import os
import re
import selectors
import socket
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from postward import __version__
from postward.observability.channel import Channel, open_channel, send_settings
from postward.observability.collector_settings import CollectorSettings, EventStoreSettings, MetricsAddress
from postward.observability.event import Event, Level
from postward.observability.event_reader import find_events
from postward.observability.families import MESSAGES, RELOAD_SUCCESS, SCORE, SESSIONS
from postward.observability.logger import EventLog
from postward.observability.metrics import WorkerMetrics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = """
import socket, sys
from postward.observability.collector import run_collector
from postward.observability.logger import EventLog
run_collector(socket.socket(fileno=int(sys.argv[1])), None, EventLog())
"""
PARENT = f"""
import os, sys
if os.fork():
    sys.stdin.read()
else:
    exec({PROGRAM!r})
"""
WORKER = """
import socket, sys
from postward.observability.channel import Channel
from postward.observability.families import MESSAGES, SESSIONS
from postward.observability.logger import EventLog
from postward.observability.metrics import WorkerMetrics
metrics = WorkerMetrics()
metrics.add(MESSAGES, "accept", amount=int(sys.argv[2]))
metrics.set(SESSIONS, 1)
assert Channel(socket.socket(fileno=int(sys.argv[1])), metrics, EventLog()).drain(5)
"""
LIMIT_S = 20


def start(program, *arguments, fd, **options):
    return subprocess.Popen(
        [sys.executable, "-c", program, str(fd), *arguments],
        pass_fds=[fd],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        **options,
    )


class Running:
    """A collector in a process of its own, and the end of the channel that workers use."""

    def __init__(self, store: Path, *, program: str = PROGRAM, **options) -> None:
        receiving, self.sending = open_channel()
        self.process = start(program, fd=receiving.fileno(), stderr=subprocess.PIPE, **options)
        receiving.close()
        self.store = store
        self.said = ""

    def configure(self, *, port: int | None = 0, max_messages: int = 100) -> None:
        metrics = None if port is None else MetricsAddress(port=port)
        store = EventStoreSettings(path=str(self.store), max_messages=max_messages)
        send_settings(self.sending, CollectorSettings(metrics=metrics, store=store))

    def channel(self) -> tuple[Channel, WorkerMetrics]:
        metrics = WorkerMetrics()
        return Channel(self.sending, metrics, EventLog()), metrics

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read what the collector logs until it says that."""
        deadline = time.monotonic() + LIMIT_S
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stderr, selectors.EVENT_READ)
            while (match := re.search(pattern, self.said)) is None:
                assert selector.select(deadline - time.monotonic()), self.said
                piece = os.read(self.process.stderr.fileno(), 65536)
                assert piece, self.said
                self.said += piece.decode()
        self.said = self.said[match.end() :]
        return match

    def port(self) -> int:
        return int(self.wait_for(r"event=metrics\.served \S+ port=(\d+)")[1])

    def rest(self) -> str:
        """All that it said before its end and nobody has waited for."""
        return self.said + self.process.stderr.read().decode()

    def end(self) -> int:
        return self.process.wait(LIMIT_S)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "state" / "events.sqlite3")
    yield running
    with contextlib.suppress(ProcessLookupError):
        running.process.kill()
    running.process.wait(LIMIT_S)
    running.process.stderr.close()
    running.sending.close()


def fetch(port: int, request: bytes = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n") -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S) as client:
        client.sendall(request)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    return answer.decode()


def wait_until_refused(port: int) -> None:
    """Ask until nobody listens; a request on the way to that may be cut off."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        try:
            fetch(port)
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue
    pytest.fail("still listening")


def verdict(number: int) -> Event:
    return Event(
        name="message.verdict",
        level=Level.INFO,
        time_s=1_700_000_000.0 + number,
        fields={"id": f"own{number}", "qid": f"4Z{number}", "msgid": f"<m{number}@example.com>", "score": 1.5},
    )


def test_what_workers_count_is_added_up_and_stays_when_they_end(running):
    running.configure()
    port = running.port()
    for count in ("2", "3"):
        assert start(WORKER, count, fd=running.sending.fileno()).wait(LIMIT_S) == 0
    page = fetch(port)
    assert re.search(r"^process_start_time_seconds 1\.[0-9]+e\+09$", page, re.MULTILINE)
    assert 'postward_messages_total{action="accept"} 5.0' in page
    assert "postward_sessions 2.0" in page
    assert f'postward_build_info{{version="{__version__}"}} 1.0' in page
    assert page.startswith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4")


def test_histograms_gauges_and_unknown_labels(running):
    running.configure()
    channel, metrics = running.channel()
    for score in (-0.5, 4.5, 100.0):
        metrics.observe(SCORE, score)
    metrics.add(MESSAGES, "nobody@example.com")
    metrics.set(RELOAD_SUCCESS, 1_700_000_000.0)
    metrics.set(SESSIONS, 7)
    assert channel.flush()
    page = fetch(running.port())
    assert 'postward_score_bucket{le="0"} 1.0' in page
    assert 'postward_score_bucket{le="5"} 2.0' in page
    assert 'postward_score_bucket{le="+Inf"} 3.0' in page
    assert 'postward_messages_total{action="other"} 1.0' in page
    assert "postward_config_last_reload_success_timestamp_seconds 1.7e+09" in page
    assert "example.com" not in page


def test_events_can_be_found_while_the_collector_runs_and_after_it_ended(running):
    running.configure()
    port = running.port()
    channel, _ = running.channel()
    channel.post(verdict(1))
    assert channel.flush()
    fetch(port)  # The events came before the request, so they are stored when it is answered.
    (found,) = find_events(running.store, "4Z1")
    assert (found["msgid"], found["score"]) == ("<m1@example.com>", 1.5)
    running.sending.close()
    assert running.end() == 0
    assert [event["id"] for event in find_events(running.store, "m1@example.com")] == ["own1"]
    assert oct(running.store.stat().st_mode & 0o777) == "0o640"


def test_orphaned_it_lets_go_of_the_port_and_stores_what_still_comes(tmp_path):
    running = Running(tmp_path / "events.sqlite3", program=PARENT, stdin=subprocess.PIPE)
    running.configure()
    port = running.port()
    running.process.stdin.close()
    assert running.end() == 0
    wait_until_refused(port)
    channel, _ = running.channel()
    channel.post(verdict(2))
    assert channel.flush()
    running.configure(port=port)
    running.sending.close()
    # Read to the end: the parent's and that of the collector, which has inherited it.
    assert running.rest() == "\n"
    running.process.stderr.close()
    assert [event["id"] for event in find_events(running.store, "own2")] == ["own2"]


def test_it_ends_when_the_last_sender_has_closed_the_channel(running):
    running.configure()
    channel, _ = running.channel()
    channel.post(verdict(3))
    assert channel.flush()
    running.sending.close()
    assert running.end() == 0
    assert len(find_events(running.store, "own3")) == 1


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\xff\xfe",
        b"{}",
        b'{"v":2,"from":"1","events":[0]}',
        b'{"v":1,"from":"1","events":[2]}\n{}',
        b'{"v":1,"from":"1","events":[1]}\n\xff',
        b'{"v":1,"from":"1","metrics":[["postward_unknown_total",[],1]]}',
        b'{"v":1,"from":"1","metrics":[["postward_messages_total",[],1]]}',
        b'{"v":1,"from":"1","metrics":[["postward_messages_total",["accept"],-1]]}',
        b'{"v":1,"from":"1","metrics":[["postward_messages_total",["accept"],NaN]]}',
        b'{"v":1,"from":"1","metrics":[["postward_messages_total",["accept"],1' + b"0" * 400 + b"]]}",
        b'{"v":1,"from":"1","metrics":[["postward_score",[],[1,2],3]]}',
        b'{"v":1,"from":"1","metrics":[["postward_score",[],1]]}',
        b'{"v":1,"from":"1","settings":[{"metrics":{"address":"127.0.0.1","port":70000},"store":null}]}',
        b"[" * 40_000,
        b"x" * 60_000,
    ],
    ids=range(16),
)
def test_what_cannot_be_read_is_counted_and_harms_nothing(running, datagram):
    running.configure()
    port = running.port()
    channel, metrics = running.channel()
    if datagram:
        running.sending.send(datagram)
    metrics.add(MESSAGES, "junk")
    assert channel.flush()
    page = fetch(port)
    assert f"postward_reports_refused_total {1.0 if datagram else 0.0}" in page
    assert 'postward_messages_total{action="junk"} 1.0' in page


def test_a_port_in_use_is_said_once_and_mail_events_are_stored_all_the_same(running):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        running.configure(port=taken.getsockname()[1])
        running.wait_for("level=error event=metrics.not_served")
    channel, _ = running.channel()
    channel.post(verdict(5))
    assert channel.drain(LIMIT_S)
    running.port()  # Tried again until it was free.
    running.sending.close()
    assert running.end() == 0
    assert len(find_events(running.store, "own5")) == 1
    assert "not_served" not in running.rest()


def test_new_settings_move_the_endpoint_and_keep_the_sums(running):
    running.configure()
    first = running.port()
    channel, metrics = running.channel()
    metrics.add(MESSAGES, "accept", amount=4)
    assert channel.flush()
    running.configure(port=None)
    wait_until_refused(first)
    with socket.create_server(("127.0.0.1", 0)) as free:
        second = free.getsockname()[1]
    running.configure(port=second)
    assert running.port() == second
    assert 'postward_messages_total{action="accept"} 4.0' in fetch(second)


def test_a_damaged_store_is_set_aside_and_a_new_one_begun(running):
    running.store.parent.mkdir()
    running.store.write_bytes(b"this is no database" * 1000)
    running.configure()
    port = running.port()
    channel, _ = running.channel()
    running.wait_for("level=warning event=event_store.set_aside")
    channel.post(verdict(6))
    assert channel.flush()
    assert "postward_event_store_failures_total 1.0" in fetch(port)
    assert len(find_events(running.store, "own6")) == 1
    assert running.store.with_name("events.sqlite3.damaged").read_bytes().startswith(b"this is no")


def test_the_number_of_events_is_bounded(running):
    running.configure(max_messages=10)
    port = running.port()
    channel, _ = running.channel()
    for number in range(25):
        channel.post(verdict(number))
    assert channel.flush()
    fetch(port)
    with contextlib.closing(sqlite3.connect(running.store)) as database:
        assert database.execute("SELECT count(*), min(line LIKE '%own15%') FROM event").fetchone()[0] == 10
    assert find_events(running.store, "own14") == []
    assert len(find_events(running.store, "own15")) == 1
