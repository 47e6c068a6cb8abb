# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading

import pytest

from postward.mta.evaluation_pool import EvaluationPool

PATIENCE_S = 20


@pytest.fixture
def gate():
    """Work that waits until it is let go, at the latest with the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def test_work_is_done_on_another_thread():
    threads = []
    ticket = EvaluationPool(1).submit(lambda: threads.append(threading.current_thread().name))
    assert ticket.wait(PATIENCE_S)
    assert threads == ["evaluation"]
    assert ticket.error is None


def test_what_it_raises_is_kept():
    def work():
        raise ValueError("x")

    pool = EvaluationPool(1)
    ticket = pool.submit(work)
    assert ticket.wait(PATIENCE_S)
    assert isinstance(ticket.error, ValueError)
    after = pool.submit(lambda: None)
    assert after.wait(PATIENCE_S)


def test_waiting_has_an_end(gate):
    assert not EvaluationPool(1).submit(gate.wait).wait(0.01)


def test_more_work_than_threads_waits_its_turn(gate):
    pool = EvaluationPool(2)
    tickets = [pool.submit(gate.wait) for _ in range(10)]
    assert sum(thread.name == "evaluation" and thread.is_alive() for thread in threading.enumerate()) >= 2
    gate.set()
    assert all(ticket.wait(PATIENCE_S) for ticket in tickets)


def test_urgent_work_does_not_wait_for_a_thread(gate):
    pool = EvaluationPool(1)
    pool.submit(gate.wait)
    pool.submit(gate.wait)
    assert pool.submit(lambda: None, is_urgent=True).wait(PATIENCE_S)


def test_abandoned_work_counts_as_stuck_until_it_ends(gate):
    pool = EvaluationPool(1)
    ticket = pool.submit(gate.wait)
    assert ticket.abandon()
    assert pool.stuck == 1
    gate.set()
    assert ticket.wait(PATIENCE_S)
    assert pool.stuck == 0


def test_abandoned_work_that_has_not_begun_is_not_begun(gate):
    pool = EvaluationPool(1)
    done = []
    pool.submit(gate.wait)
    waiting = pool.submit(lambda: done.append(1))
    assert waiting.abandon()
    gate.set()
    assert waiting.wait(PATIENCE_S)
    assert done == []


def test_finished_work_cannot_be_abandoned():
    ticket = EvaluationPool(1).submit(lambda: None)
    assert ticket.wait(PATIENCE_S)
    assert not ticket.abandon()


class Scarce:
    """Starts threads only while there are any."""

    def __init__(self):
        self.are_left = False

    def __call__(self, body):
        if not self.are_left:
            raise RuntimeError("can't start new thread")
        threading.Thread(target=body, daemon=True).start()


@pytest.mark.parametrize("is_urgent", [False, True])
def test_work_for_which_no_thread_can_be_had_waits_for_the_next(is_urgent):
    start = Scarce()
    pool = EvaluationPool(2, start=start)
    done = []
    early = pool.submit(lambda: done.append("early"), is_urgent=is_urgent)
    assert not early.wait(0)
    start.are_left = True
    late = pool.submit(lambda: done.append("late"), is_urgent=is_urgent)
    assert late.wait(PATIENCE_S)
    assert early.wait(PATIENCE_S)
    assert sorted(done) == ["early", "late"]
