# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.budget import BudgetedLookup


class Recorder:
    def __init__(self, outcome: Outcome = Outcome.NODATA) -> None:
        self.asked = []
        self.outcome = outcome

    def __call__(self, name, record_type):
        self.asked.append((name, record_type))
        return Answer(outcome=self.outcome)


def budgeted(inner, clock, max_queries=2, time_s=10.0):
    return BudgetedLookup(inner, max_queries=max_queries, deadline_s=clock() + time_s, clock=clock)


def test_what_exceeds_the_number_is_not_asked(clock):
    inner = Recorder()
    lookup = budgeted(inner, clock)
    outcomes = [lookup(f"{number}.example", RecordType.A).outcome for number in range(4)]
    assert outcomes == [Outcome.NODATA, Outcome.NODATA, Outcome.BUDGET, Outcome.BUDGET]
    assert len(inner.asked) == 2


def test_the_same_question_is_free_and_has_the_same_answer(clock):
    inner = Recorder()
    lookup = budgeted(inner, clock, max_queries=1)
    first = lookup("Example.com.", RecordType.A)
    inner.outcome = Outcome.SERVFAIL
    assert lookup("example.com", RecordType.A) == first
    assert lookup("example.com", RecordType.TXT).outcome is Outcome.BUDGET
    assert inner.asked == [("example.com", RecordType.A)]


def test_nothing_is_asked_after_the_deadline_but_what_is_known_stays_known(clock):
    inner = Recorder()
    lookup = budgeted(inner, clock, time_s=1.0)
    lookup("a.example", RecordType.A)
    clock.advance(1.0)
    assert lookup("a.example", RecordType.A).outcome is Outcome.NODATA
    assert lookup("b.example", RecordType.A).outcome is Outcome.BUDGET


def test_what_cannot_be_a_name_costs_nothing(clock):
    inner = Recorder()
    lookup = budgeted(inner, clock, max_queries=0)
    assert lookup("a..b", RecordType.A).outcome is Outcome.NXDOMAIN
    assert not inner.asked


def test_the_number_holds_for_all_threads_together(clock):
    inner = Recorder()
    lookup = budgeted(inner, clock, max_queries=50)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda number: lookup(f"{number}.example", RecordType.A).outcome, range(200)))
    assert outcomes.count(Outcome.NODATA) == 50
    assert len(inner.asked) == 50
