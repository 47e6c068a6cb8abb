# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import threading
from contextlib import suppress

import pytest

from postward.observability.event import Level
from postward.observability.logger import EventLog, LogFormat, LogSettings, is_journal_stream


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    for fd in (reading, writing):
        os.close(fd)


def test_each_event_is_one_write(pipe):
    reading, writing = pipe
    log = EventLog(fd=writing, clock=lambda: 0.0)
    log.info("worker.started", index=1)
    log.warning("worker.slow", text="a\nb")
    assert os.read(reading, 10_000).decode() == (
        "ts=1970-01-01T00:00:00.000Z level=info event=worker.started index=1\n"
        'ts=1970-01-01T00:00:00.000Z level=warning event=worker.slow text="a\\nb"\n'
    )


def test_what_is_less_grave_than_the_level_is_not_written(pipe):
    reading, writing = pipe
    log = EventLog(LogSettings(level=Level.WARNING), fd=writing)
    log.debug("a")
    log.info("b")
    log.error("c")
    assert os.read(reading, 10_000).count(b"\n") == 1


def test_json(pipe):
    reading, writing = pipe
    EventLog(LogSettings(format=LogFormat.JSON), fd=writing).error("gone", pid=7)
    fields = json.loads(os.read(reading, 10_000))
    assert (fields["level"], fields["event"], fields["pid"]) == ("error", "gone", 7)


def test_another_form_is_adopted_from_here_on(pipe):
    reading, writing = pipe
    log = EventLog(fd=writing, journal=True)
    log.info("first")
    log.adopt(LogSettings(format=LogFormat.JSON, level=Level.ERROR))
    log.info("second")
    log.error("third")
    assert os.read(reading, 10_000) == b'<6>level=info event=first\n<3>{"level":"error","event":"third"}\n'


def test_the_journal_gets_a_priority_and_no_time(pipe):
    reading, writing = pipe
    EventLog(fd=writing, journal=True).warning("a")
    assert os.read(reading, 100) == b"<4>level=warning event=a\n"


def test_context_is_added_to_every_event(pipe):
    reading, writing = pipe
    EventLog(fd=writing, journal=True).with_context(worker=3).with_context(generation=2).info("a", x=1)
    assert os.read(reading, 100) == b"<6>level=info event=a x=1 worker=3 generation=2\n"


def test_a_log_that_cannot_be_written_is_counted_and_harms_nobody():
    reading, writing = os.pipe()
    os.close(reading)
    log = EventLog(fd=writing)
    log.info("a")
    os.close(writing)
    log.with_context(worker=1).info("b")
    assert log.lost == 2


def test_a_pipe_that_is_full_loses_lines_where_it_may_not_block(pipe):
    reading, writing = pipe
    os.set_blocking(writing, False)
    log = EventLog(fd=writing)
    while not log.lost:
        log.info("a", text="x" * 400)
    assert os.read(reading, 1 << 20).endswith(b"\n")


def test_a_pipe_that_nobody_reads_is_waited_for_once_and_tried_again(pipe):
    reading, writing = pipe
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    os.set_blocking(writing, True)
    log = EventLog(fd=writing, patience_s=0.5)
    for _ in range(1_000):
        log.with_context(worker=1).info("lost")
    assert log.lost == 1_000
    os.set_blocking(reading, False)
    with suppress(BlockingIOError):
        while True:
            os.read(reading, 1 << 16)
    log.info("written")
    assert b"event=written" in os.read(reading, 1 << 16)
    assert log.lost == 1_000


def test_lines_of_several_threads_do_not_mix(pipe):
    reading, writing = pipe
    log = EventLog(fd=writing, journal=True)
    threads = [
        threading.Thread(target=lambda name=name: [log.info("a", who=name * 100) for _ in range(50)]) for name in "abcd"
    ]
    for thread in threads:
        thread.start()
    received = b""
    while received.count(b"\n") < 200:
        received += os.read(reading, 1 << 16)
    for thread in threads:
        thread.join()
    expected = {f"<6>level=info event=a who={name * 100}" for name in "abcd"}
    assert set(received.decode().splitlines()) == expected


def test_the_journal_is_recognised_by_device_and_inode(pipe):
    _, writing = pipe
    status = os.fstat(writing)
    assert is_journal_stream(writing, {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
    assert not is_journal_stream(writing, {"JOURNAL_STREAM": "1:2"})
    assert not is_journal_stream(writing, {})
