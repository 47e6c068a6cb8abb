# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic from what was measured to what is reported."""

from __future__ import annotations

import pytest

from tests.bench.cold_dns import cold_figures, spf_depth
from tests.bench.load import Answer
from tests.bench.profiling import Samples, dearest
from tests.bench.rounds import Round, cpu_ratio, summarize
from tests.bench.stages import stage_costs
from tests.bench.stopwatch import Stopwatch
from tests.bench.through_postfix import percentile


def one_round(cpu_ms: float, p99_ms: float, errors: int = 0) -> Round:
    return Round(
        cpu_ms=cpu_ms, system_ms=0.1, per_second=100.0, p50_ms=1.0, p99_ms=p99_ms, errors=errors, others_share=0.5
    )


def test_rounds_become_medians_and_errors_a_sum() -> None:
    figures = summarize([one_round(1.0, 30.0, 1), one_round(5.0, 10.0, 2), one_round(2.0, 20.0)], 1000)
    assert (figures.cpu_ms, figures.p99_ms, figures.errors, figures.memory_bytes) == (2.0, 20.0, 3, 1000)
    assert figures.cpu_ms_rounds == (1.0, 5.0, 2.0)


def test_cpu_is_compared_round_by_round() -> None:
    ours = summarize([one_round(cpu_ms, 1.0) for cpu_ms in (1.0, 9.0, 2.0)], 0)
    theirs = summarize([one_round(cpu_ms, 1.0) for cpu_ms in (2.0, 10.0, 8.0)], 0)
    assert cpu_ratio(ours, theirs) == 0.5


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [([], 0.5, 0.0), ([7.0], 0.99, 7.0), ([3.0, 1.0, 2.0], 0.5, 2.0), (list(map(float, range(101))), 0.99, 99.0)],
)
def test_percentile(values: list[float], part: float, expected: float) -> None:
    assert percentile(values, part) == expected


def test_stages_add_up_to_the_whole() -> None:
    watch = Stopwatch()
    for clock in (watch.cpu_s, watch.wall_s):
        # The end of two messages took 10 s: 6 the evaluation, 1 + 1 score and plan once more, 1 reporting.
        clock.update({"connect": 2.0, "end": 10.0, "evaluation": 6.0, "dkim": 3.0, "spf": 0.5})
        clock.update({"score": 1.0, "plan": 1.0, "reporting": 1.0})
    costs = stage_costs(watch, 2)
    assert {name: cost.cpu_ms for name, cost in costs.items()} == {
        "connect": 1000.0,
        "spf": 250.0,
        "dkim": 1500.0,
        "score": 500.0,
        "plan": 500.0,
        "origin, decision and the rest": 250.0,
        "reply": 500.0,
        "reporting": 500.0,
    }
    assert sum(cost.wall_ms for cost in costs.values()) == (2.0 + 10.0 - 1.0 - 1.0) / 2 * 1000


def test_cold_dns_is_counted_in_round_trips() -> None:
    answers = [Answer(index=number, code="c", ms=ms, added=()) for number, ms in enumerate((60.0, 90.0, 150.0))]
    figures = cold_figures(answers, [2, 2, 3], 0.03)
    assert (figures.p50_ms, figures.round_trips_p50, figures.round_trips_worst) == pytest.approx((90.0, 3.0, 5.0))
    assert figures.excess_p50 == pytest.approx(1.0)


def test_an_unlisted_client_takes_the_whole_record() -> None:
    assert (spf_depth("pass"), spf_depth("fail")) == (2, 3)


def test_samples_count_for_the_function_and_for_its_callers() -> None:
    inner, outer = ("/site/postward/dns/names.py", 16, "to_ascii"), ("/site/postward/mta/session.py", 9, "end")
    samples = Samples()
    for stack in ([inner, outer, outer], [outer], [inner, outer], [outer]):
        samples.add(stack)
    first, second = sorted(dearest(samples, {inner: 40.0}), key=lambda cost: cost.name)
    assert (first.name, first.own_share, first.total_share, first.calls) == (
        "postward/dns/names.py:16 to_ascii", 0.5, 0.5, 40.0,
    )  # fmt: skip
    assert (second.own_share, second.total_share, second.calls) == (0.5, 1.0, 0.0)


def test_what_the_bench_does_is_left_out() -> None:
    samples = Samples()
    samples.add([(__file__, 1, "bench"), ("/site/postward/mta/session.py", 9, "end")])
    samples.add([("/site/postward/mta/session.py", 9, "end"), (__file__, 1, "bench")])
    assert [(cost.own_share, cost.total_share) for cost in dearest(samples, {})] == [(1.0, 1.0)]


def test_functions_of_the_standard_library_keep_two_parts_of_their_path() -> None:
    samples = Samples()
    samples.add([("/usr/lib/python3.11/dataclasses.py", 3, "replace")])
    assert dearest(samples, {})[0].name == "python3.11/dataclasses.py:3 replace"
