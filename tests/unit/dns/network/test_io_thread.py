# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import socket
import threading
from functools import partial

import pytest

from postward.dns.network.io_thread import IoThread
from postward.observability.logger import EventLog, LogFormat, LogSettings

DEADLINE_S = 10.0


class Idle:
    """Work that is never due."""

    def __init__(self) -> None:
        self.ticks = 0

    def timeout_s(self) -> float | None:
        return None

    def tick(self) -> None:
        self.ticks += 1


@pytest.fixture
def log_file(tmp_path):
    with (tmp_path / "log").open("w+b", buffering=0) as file:
        yield file


@pytest.fixture
def work():
    return Idle()


@pytest.fixture
def io(work, log_file):
    thread = IoThread("test", EventLog(LogSettings(format=LogFormat.JSON), fd=log_file.fileno()))
    thread.start(work)
    yield thread
    thread.stop(DEADLINE_S)


def wait_for_posts(io):
    done = threading.Event()
    io.post(done.set)
    assert done.wait(DEADLINE_S)


def test_what_is_posted_runs_in_order_on_the_thread(io):
    seen = []
    for number in range(1000):
        io.post(lambda number=number: seen.append((number, io.is_current())))
    wait_for_posts(io)
    assert seen == [(number, True) for number in range(1000)]
    assert not io.is_current()


def test_nothing_posted_by_many_threads_is_lost(io):
    seen = []

    def post_many(start):
        for number in range(start, start + 2000):
            io.post(partial(seen.append, number))

    threads = [threading.Thread(target=post_many, args=(start,)) for start in range(0, 80_000, 10_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_for_posts(io)
    assert len(set(seen)) == len(seen) == 16_000


def test_posts_made_while_it_is_busy_wake_it_once(io, work):
    held, go = threading.Event(), threading.Event()
    io.post(lambda: (held.set(), go.wait(DEADLINE_S)))
    held.wait(DEADLINE_S)
    before = work.ticks
    for _ in range(10_000):
        io.post(int)
    go.set()
    wait_for_posts(io)
    assert work.ticks - before < 100


def test_an_exception_is_logged_and_the_next_post_runs(io, log_file):
    def fail():
        raise ZeroDivisionError("by design")

    io.post(fail)
    wait_for_posts(io)
    log_file.seek(0)
    event = json.loads(log_file.readline())
    assert (event["event"], event["error"], event["text"]) == ("background.failed", "ZeroDivisionError", "by design")


def test_a_descriptor_that_becomes_ready_is_handled_until_it_is_given_up(io):
    ours, theirs = socket.socketpair()
    handled, again = threading.Event(), threading.Event()

    def handle(fd, readable, writable):
        assert (readable, writable) == (True, False)
        if os.read(fd, 10) == b"last":
            io.watch(fd, handle, readable=False, writable=False)
            again.set()
        handled.set()

    with ours, theirs:
        io.post(lambda: io.watch(ours.fileno(), handle, readable=True, writable=False))
        theirs.send(b"first")
        assert handled.wait(DEADLINE_S)
        theirs.send(b"last")
        assert again.wait(DEADLINE_S)
        theirs.send(b"unheard")
        wait_for_posts(io)
        assert ours.recv(10) == b"unheard"


def test_a_descriptor_closed_behind_its_back_is_forgotten(io, log_file):
    ours, theirs = socket.socketpair()
    io.post(lambda: io.watch(ours.fileno(), print, readable=True, writable=False))
    wait_for_posts(io)
    ours.close()
    theirs.close()
    for _ in range(3):
        wait_for_posts(io)
    log_file.seek(0)
    assert log_file.read() == b""


def test_a_handler_that_fails_is_logged_and_no_post_is_lost(io, log_file):
    ours, theirs = socket.socketpair()

    def fail(fd, _readable, _writable):
        os.read(fd, 10)
        raise ZeroDivisionError("by design")

    with ours, theirs:
        io.post(lambda: io.watch(ours.fileno(), fail, readable=True, writable=False))
        # Both are ready at the same time, and the pipe has been read when the handler raises.
        io.post(lambda: (theirs.send(b"x"), io.post(int)))
        wait_for_posts(io)
        wait_for_posts(io)
        io.post(lambda: io.watch(ours.fileno(), fail, readable=False, writable=False))
        wait_for_posts(io)
    log_file.seek(0)
    assert b"ZeroDivisionError" in log_file.read()


def test_after_the_end_posting_does_nothing(work, log_file):
    thread = IoThread("test", EventLog(fd=log_file.fileno()))
    thread.start(work)
    thread.stop(DEADLINE_S)
    thread.post(lambda: pytest.fail("ran after the end"))
    thread.stop(DEADLINE_S)
