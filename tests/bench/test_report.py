# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.chains import OPENDKIM_CHAIN, RSPAMD_ALONE
from tests.bench.cold_dns import ColdFigures
from tests.bench.large import CrowdFigures, LargeFigures
from tests.bench.report import Report, RestFigures
from tests.bench.rounds import Figures
from tests.bench.scanning_costs import AUTHENTICATION, LISTS
from tests.bench.stages import InsideFigures, StageCost
from tests.bench.tables import Table, as_markdown, as_text, remarks, report_tables
from tests.bench.targets import ONE, SHIPPED, TWO, outcomes
from tests.bench.through_postfix import PostfixFigures

_MB = 1_000_000


def figures(cpu_ms: float, *, per_second: float = 100.0, p99_ms: float = 10.0, others_share: float = 0.0) -> Figures:
    return Figures(
        cpu_ms=cpu_ms, cpu_ms_rounds=(cpu_ms,), system_ms=0.25, per_second=per_second, p50_ms=1.0, p99_ms=p99_ms,
        errors=0, memory_bytes=_MB, others_share=others_share,
    )  # fmt: skip


def postfix(p99_ms: float) -> PostfixFigures:
    return PostfixFigures(per_second=1.0, p50_ms=1.0, p99_ms=p99_ms, errors=0)


@pytest.fixture
def report() -> Report:
    return Report(
        machine="2 cores",
        command="make bench",
        contenders={
            TWO: figures(1.05, per_second=180.0),
            SHIPPED: figures(1.0, per_second=180.0, p99_ms=15.0),
            ONE: figures(1.1),
            AUTHENTICATION: figures(1.0),
            OPENDKIM_CHAIN: figures(1.25),
        },
        refused={RSPAMD_ALONE: "it does not verify: dkim: 0 pass of 48 expected"},
        postfix={SHIPPED: postfix(20.0), OPENDKIM_CHAIN: postfix(10.0)},
        scanning={AUTHENTICATION: figures(1.0), LISTS: figures(1.5)},
        attachment=LargeFigures(cpu_ms=45.0, hashing_twice_ms=30.0, growth_bytes=3 * _MB),
        spaced_text=LargeFigures(cpu_ms=210.0, hashing_twice_ms=30.0, growth_bytes=21 * _MB),
        crowd=CrowdFigures(messages=100, errors=0, peak_bytes=300 * _MB, seconds=4.0),
        cold=ColdFigures(
            round_trip_ms=31.0, p50_ms=70.0, round_trips_p50=2.2, round_trips_worst=3.0, excess_p50=0.2
        ),
        rest=RestFigures(ready_after_s=0.7, start_cpu_s=0.6, idle_worker_bytes=14 * _MB, idle_total_bytes=60 * _MB),
    )  # fmt: skip


def told(report: Report) -> dict[str, tuple[float | None, bool]]:
    return {each.words: (each.value, each.is_met) for each in outcomes(report)}


def test_targets(report: Report) -> None:
    found = told(report)
    assert found[f"authentication: CPU a message, of {OPENDKIM_CHAIN}"] == (0.8, True)
    assert found[f"as shipped: CPU a message, of {RSPAMD_ALONE}"] == (None, False)
    assert found["header, content and DNS lists: CPU, of authentication alone"] == (1.5, True)
    assert found["two workers, of one: messages a second"] == (1.8, True)
    assert found[f"p99 at 8 connections, of {OPENDKIM_CHAIN}: milter protocol"] == (1.5, True)
    assert found[f"p99 at 8 connections, of {OPENDKIM_CHAIN}: through Postfix"] == (2.0, False)
    assert found["25 MB with one attachment: CPU, of hashing it twice"] == (1.5, True)
    assert found["25 MB of spaced text: CPU, of hashing it twice"] == (7.0, False)
    assert found["25 MB: growth of the worker, MB"] == (21.0, False)
    assert found["100 of 25 MB at once: memory of all processes, MB"] == (300.0, True)
    assert found["cold DNS: round trips beyond the depth of the SPF record"] == (0.2, True)
    assert found["start to ready, s"] == (0.7, True)
    assert found["idle worker, MB"] == (14.0, True)


def test_too_little_of_what_is_to_be_large_is_not_met(report: Report) -> None:
    slow = replace(report, contenders={**report.contenders, TWO: figures(1.0, per_second=179.0)})
    assert told(slow)["two workers, of one: messages a second"] == (1.79, False)


def test_a_crowd_of_which_some_were_refused_was_not_measured(report: Report) -> None:
    assert report.crowd is not None
    refused = replace(report, crowd=replace(report.crowd, errors=1))
    assert told(refused)["100 of 25 MB at once: memory of all processes, MB"] == (None, False)


def test_tables_say_what_is_met_and_what_was_not_measured(report: Report) -> None:
    targets = as_text(report_tables(report)[0])
    lines = {line.split("  ")[1]: line for line in targets.splitlines()[1:] if line.strip()}
    assert lines[f"authentication: CPU a message, of {OPENDKIM_CHAIN}"].endswith("at most 0.9      0.80           met")
    assert lines[f"as shipped: CPU a message, of {RSPAMD_ALONE}"].endswith("not measured")
    assert lines["25 MB of spaced text: CPU, of hashing it twice"].endswith("NOT MET")


def test_ratios_are_of_postward(report: Report) -> None:
    (chain,) = (row for row in report_tables(report)[1].rows if row[0] == OPENDKIM_CHAIN)
    assert chain[1:5] == ("1.25", "1.25-1.25", "0.25", "0.80")


def test_what_one_worker_takes_beside_its_stages(report: Report) -> None:
    stages = {"spf": StageCost(cpu_ms=0.1, wall_ms=0.2), "dkim": StageCost(cpu_ms=0.3, wall_ms=0.3)}
    inside = InsideFigures(stages=stages, dns_thread_cpu_ms=0.2, queries=0.0, cache_hits=9.0, body_copies=1.1)
    rows = {row[0]: row[1:] for row in report_tables(replace(report, inside=inside))[4].rows}
    assert rows["spf"] == ("0.100", "0.200")
    assert rows["all stages"][0] == "0.400"
    assert rows["what one worker takes besides: libmilter, threads, collector"][0] == "0.500"


def test_who_was_refused_is_said(report: Report) -> None:
    assert remarks(report) == ["rspamd was not timed: it does not verify: dkim: 0 pass of 48 expected"]


def test_a_busy_machine_is_said(report: Report) -> None:
    busy = replace(report, contenders={SHIPPED: figures(1.0, others_share=0.4)}, refused={})
    assert "40%" in remarks(busy)[0]


def test_text_and_markdown() -> None:
    table = Table(title="Title", head=("", "CPU"), rows=(("one", "1.5"), ("twelve", "12.25")))
    assert as_text(table) == "Title\n            CPU\n  one       1.5\n  twelve  12.25\n"
    assert as_markdown(table) == "## Title\n\n|  | CPU |\n| --- | ---: |\n| one | 1.5 |\n| twelve | 12.25 |\n"
