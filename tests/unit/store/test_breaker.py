# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.store.breaker import Breaker, Pauses, Turn


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(Pauses(), clock=clock, jitter=lambda: 0.0)


def test_as_long_as_it_answers_all_ask(breaker):
    assert [breaker.take_turn() for _ in range(3)] == [Turn.ASK] * 3
    assert not breaker.succeeded()
    assert not breaker.is_open


def test_one_time_out_opens_it_at_once(breaker):
    assert breaker.failed(Turn.ASK, at_once=True)
    assert breaker.is_open
    assert breaker.take_turn() is Turn.PASS_OVER


def test_other_failures_open_it_when_they_are_three_one_behind_the_other(breaker):
    for _ in range(5):
        assert not breaker.failed(Turn.ASK, at_once=False)
        assert not breaker.failed(Turn.ASK, at_once=False)
        breaker.succeeded()
    assert [breaker.failed(Turn.ASK, at_once=False) for _ in range(3)] == [False, False, True]
    assert breaker.take_turn() is Turn.PASS_OVER


def test_after_the_pause_one_asks_alone(breaker, clock):
    breaker.failed(Turn.ASK, at_once=True)
    clock.now_s = 4.9
    assert breaker.take_turn() is Turn.PASS_OVER
    clock.now_s = 5.0
    assert [breaker.take_turn() for _ in range(3)] == [Turn.PROBE, Turn.PASS_OVER, Turn.PASS_OVER]
    assert breaker.succeeded()
    assert breaker.take_turn() is Turn.ASK


def test_one_that_never_tells_how_it_went_holds_nobody_up_for_ever(breaker, clock):
    breaker.failed(Turn.ASK, at_once=True)
    clock.now_s = 5.0
    breaker.take_turn()
    clock.now_s = 10.0
    assert breaker.take_turn() is Turn.PROBE


def test_each_pause_is_twice_as_long_up_to_a_minute_and_the_next_time_short_again(breaker, clock):
    breaker.failed(Turn.ASK, at_once=True)
    pauses = []
    for _ in range(7):
        pauses.append(breaker.pause_s)
        clock.now_s += breaker.pause_s
        assert breaker.failed(breaker.take_turn(), at_once=False)
    assert pauses == [5, 10, 20, 40, 60, 60, 60]
    breaker.succeeded()
    breaker.failed(Turn.ASK, at_once=True)
    assert breaker.pause_s == 5


def test_many_that_fail_together_are_one_failure(breaker, clock):
    assert breaker.failed(Turn.ASK, at_once=True)
    assert not any(breaker.failed(Turn.ASK, at_once=True) for _ in range(50))
    assert breaker.pause_s == 5
    clock.now_s = 5.0
    assert breaker.take_turn() is Turn.PROBE


@pytest.mark.parametrize(("jitter", "first_s"), [(0.0, 5.0), (0.5, 4.5), (1.0, 4.0)])
def test_workers_do_not_all_ask_again_at_the_same_moment(clock, jitter, first_s):
    breaker = Breaker(Pauses(), clock=clock, jitter=lambda: jitter)
    breaker.failed(Turn.ASK, at_once=True)
    clock.now_s = first_s - 0.01
    assert breaker.take_turn() is Turn.PASS_OVER
    clock.now_s = first_s
    assert breaker.take_turn() is Turn.PROBE
