# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds are made where there is something to do, by one process at a time."""

from __future__ import annotations

import threading

import pytest

from postward.app.courier.loops import Courier, Round
from postward.app.courier.turn import turn
from postward.spool.errors import SpoolError
from tests.unit.app.courier.parts import Log, Moment


@pytest.fixture
def log():
    made = Log()
    yield made
    made.close()


def rounds(folder, step, tidy=lambda: None):
    return [Round(name="x", folder=folder, step=step, tidy=tidy, interval_s=0.01)]


def test_steps_are_made_again_and_again_until_the_end(tmp_path, log):
    steps, enough = [], threading.Event()

    def step():
        steps.append(1)
        if len(steps) == 3:
            enough.set()

    tidied = []
    courier = Courier(rounds(tmp_path, step, lambda: tidied.append(1)), log.log)
    courier.start()
    assert enough.wait(10)
    courier.close()
    made = len(steps)
    assert not any(thread.name == "courier-x" for thread in threading.enumerate())
    assert (len(steps), len(tidied)) == (made, 1)


def test_after_much_work_it_rests(tmp_path, log):
    clock, done, seen = Moment(), threading.Event(), []

    def step():
        seen.append(clock.now_s)
        clock.now_s += 2 if len(seen) == 1 else 0
        if len(seen) == 2:
            done.set()

    courier = Courier(rounds(tmp_path, step), log.log, monotonic=clock)
    courier.start()
    while not done.wait(0.02):
        clock.now_s += 1
    courier.close()
    assert 40 <= seen[1] - seen[0] - 2 < 60


def test_a_step_that_fails_ends_nothing(tmp_path, log):
    enough, steps = threading.Event(), []

    def step():
        steps.append(1)
        if len(steps) == 1:
            raise SpoolError("disk on fire")
        enough.set()

    courier = Courier(rounds(tmp_path, step), log.log)
    courier.start()
    assert enough.wait(10)
    courier.close()
    assert "event=background.failed name=courier-x" in log.text


def test_where_nothing_was_ever_kept_nothing_is_made(tmp_path, log):
    courier = Courier(rounds(tmp_path / "absent", lambda: pytest.fail("a step")), log.log)
    courier.start()
    courier.close()
    assert list(tmp_path.iterdir()) == []


def test_two_do_not_work_at_the_same_time(tmp_path):
    with turn(tmp_path / "lock") as first, turn(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with turn(tmp_path / "lock") as third:
        assert third


def test_a_lock_that_cannot_be_had_is_told(tmp_path):
    with pytest.raises(SpoolError), turn(tmp_path / "absent" / "lock"):
        pass
