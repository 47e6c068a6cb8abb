# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.scanners.breaker import Breaker, Permission
from tests.clock import Clock

YES, TRIAL, NO = Permission.YES, Permission.TRIAL, Permission.NO


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(pass_over_s=30.0, clock=clock)


def test_it_opens_at_the_first_time_out_and_stays_open_for_its_time(breaker, clock):
    assert breaker.ask() is YES
    breaker.timed_out()
    assert breaker.is_open
    clock.now_s += 29.9
    assert breaker.ask() is NO


def test_then_one_tries_at_a_time(breaker, clock):
    breaker.timed_out()
    clock.now_s += 30.0
    assert [breaker.ask() for _ in range(3)] == [TRIAL, NO, NO]
    clock.now_s += 30.0
    assert [breaker.ask() for _ in range(2)] == [TRIAL, NO]


def test_an_answer_closes_it(breaker):
    breaker.timed_out()
    breaker.answered()
    assert breaker.ask() is YES


def test_a_sign_of_life_closes_it_for_a_single_slow_message_and_not_for_many_in_a_row(breaker):
    for _ in range(2):
        breaker.timed_out()
        assert breaker.lives()
        assert breaker.ask() is YES
    breaker.timed_out()
    assert not breaker.lives()
    assert breaker.ask() is NO


def test_slow_messages_that_are_not_in_a_row_do_not_add_up(breaker):
    for _ in range(10):
        breaker.timed_out()
        assert breaker.lives()
        breaker.answered()
