# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading

from postward.model.time_budget import TimeBudget
from postward.store.spending import present_budget, spending


def test_a_budget_is_that_of_what_is_done_within():
    budget, other = TimeBudget(1), TimeBudget(1)
    assert present_budget() is None
    with spending(budget):
        assert present_budget() is budget
        with spending(other):
            assert present_budget() is other
        assert present_budget() is budget
    assert present_budget() is None


def test_each_thread_has_its_own():
    seen = []
    with spending(TimeBudget(1)):
        thread = threading.Thread(target=lambda: seen.append(present_budget()))
        thread.start()
        thread.join()
    assert seen == [None]
