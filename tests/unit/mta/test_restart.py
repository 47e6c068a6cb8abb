# SPDX-License-Identifier: GPL-3.0-or-later
"""When a process that has ended is started again."""

from __future__ import annotations

import pytest

from postward.mta.restart import SHORT_LIFE_S, Restart
from postward.observability.background import BackOff
from tests.clock import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def restart(clock):
    return Restart(clock, BackOff(first_s=1.0, longest_s=5.0))


def test_the_first_start_is_due_at_once(restart):
    assert restart.is_due


def test_each_failure_in_a_row_doubles_the_pause_up_to_a_bound(restart):
    assert [restart.put_off(0.0) for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_it_is_due_when_the_pause_is_over(restart, clock):
    restart.put_off(0.0)
    clock.now_s += 0.9
    assert not restart.is_due
    clock.now_s += 0.1
    assert restart.is_due


def test_a_life_that_was_not_short_ends_the_row(restart):
    restart.put_off(0.0)
    restart.put_off(SHORT_LIFE_S - 1)
    assert restart.put_off(SHORT_LIFE_S) == 1.0
