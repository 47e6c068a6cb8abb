# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading

import pytest

from postward.model.time_budget import TimeBudget


def test_what_was_waited_is_spent():
    budget = TimeBudget(0.15)
    budget.spend(0.1)
    assert budget.left_s == pytest.approx(0.05)


def test_more_than_all_cannot_be_spent():
    budget = TimeBudget(0.15)
    budget.spend(7.0)
    assert budget.left_s == 0.0


def test_a_clock_that_goes_back_gives_nothing_back():
    budget = TimeBudget(0.15)
    budget.spend(-1.0)
    assert budget.left_s == 0.15


def test_what_may_be_waited_besides_is_one_budget_for_all_who_ask():
    budget = TimeBudget(0.15)
    budget.beyond(1.0).spend(0.75)
    assert budget.beyond(1.0).left_s == 0.25
    assert budget.left_s == 0.15


def test_several_threads_spend_together():
    budget = TimeBudget(1_000.0)
    threads = [threading.Thread(target=lambda: [budget.spend(0.25) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert budget.left_s == 0.0
