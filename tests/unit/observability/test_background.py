# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from postward.observability.background import BackgroundLoop, BackOff, guarded
from postward.observability.logger import EventLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAST = BackOff(first_s=0.001, longest_s=0.002)


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def log(log_file: Path) -> Iterator[EventLog]:
    fd = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    yield EventLog(fd=fd)
    os.close(fd)


def test_a_loop_goes_on_after_a_step_that_raised(log, log_file):
    stop = threading.Event()
    calls = []

    def step():
        calls.append(len(calls))
        if len(calls) == 2:
            raise ValueError("bad\nnews")
        if len(calls) == 4:
            stop.set()

    loop = BackgroundLoop("dns", step, log, stop, back_off=FAST)
    loop.start().join(10)

    assert calls == [0, 1, 2, 3]
    assert loop.failures == 1
    line = log_file.read_text()
    assert line.count("\n") == 1
    assert "event=background.failed name=dns error=ValueError" in line
    assert r'text="bad\nnews"' in line
    assert "at=test_background.py:" in line


def test_the_delay_doubles_up_to_its_bound():
    back_off = BackOff(first_s=0.5, longest_s=3.0)
    assert [back_off.delay_s(failures) for failures in (1, 2, 3, 4, 10_000)] == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_a_loop_that_waits_between_steps_ends_when_told(log):
    stop = threading.Event()
    stepped = threading.Event()
    thread = BackgroundLoop("flush", stepped.set, log, stop, interval_s=3600).start()
    assert stepped.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_loop_stopped_before_it_starts_does_nothing(log):
    stop = threading.Event()
    stop.set()
    calls = []
    BackgroundLoop("never", lambda: calls.append(1), log, stop).run()
    assert calls == []


def test_guarded_says_whether_the_work_was_done(log, log_file):
    assert guarded("post", lambda: None, log)
    assert not guarded("post", lambda: int("x"), log)
    assert "event=background.failed name=post error=ValueError" in log_file.read_text()


def test_guarded_lets_an_order_to_exit_pass(log):
    def leave():
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        guarded("post", leave, log)
