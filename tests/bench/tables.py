# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as tables, for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.outgoing import SIGNING_POSTWARD
from tests.bench.rounds import cpu_ratio
from tests.bench.rule_costs import NO_RULES
from tests.bench.scanning_costs import AUTHENTICATION
from tests.bench.targets import ONE, SHIPPED, outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.profiling import FunctionCost
    from tests.bench.report import Report
    from tests.bench.rounds import Figures

_MB = 1e6
_BUSY_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as text; the first column is words, the others are numbers mostly."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def as_text(table: Table) -> str:
    """Align the columns by spaces."""
    lines = (table.head, *table.rows)
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.head))]

    def row(cells: Sequence[str]) -> str:
        first, *others = (cells[column] for column in range(len(widths)))
        numbers = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        return "  ".join((first.ljust(widths[0]), *numbers)).rstrip()

    return "\n".join([table.title, *(f"  {row(line)}" for line in lines), ""])


def as_markdown(table: Table) -> str:
    """Write a Markdown table under a heading."""
    ruler = ("---", *("---:" for _ in table.head[1:]))
    lines = (table.head, ruler, *table.rows)
    return "\n".join([f"## {table.title}", "", *(f"| {' | '.join(line)} |" for line in lines), ""])


def report_tables(report: Report) -> list[Table]:
    """All tables of a report."""
    tables = [_targets(report), _contenders(report)]
    if report.postfix:
        tables.append(_postfix(report))
    if report.signing:
        tables.append(_signing(report))
    if report.rules:
        tables.append(_rules(report))
    if report.scanning:
        tables.append(_scanning(report))
    if report.inside is not None:
        tables.append(_inside(report))
    tables.append(_large_and_small(report))
    return tables


def remarks(report: Report) -> list[str]:
    """What has to be known to read the tables."""
    said = [f"{name} was not timed: {why}" for name, why in report.refused.items()]
    busy = max((one.others_share for one in report.contenders.values()), default=0.0)
    if busy > _BUSY_SHARE:
        said.append(
            f"Other programs used up to {busy:.0%} of the machine meanwhile: latencies and rates are worse than they "
            "are alone, and CPU a little; trust the ratios most."
        )
    errors = {name: one.errors for name, one in report.contenders.items() if one.errors}
    said += [f"{name}: {count} sessions broke" for name, count in errors.items()]
    return said


def profile_table(functions: Sequence[FunctionCost]) -> Table:
    """The dearest functions."""
    rows = tuple((one.name, f"{one.own_share:.1%}", f"{one.total_share:.1%}", f"{one.calls:.1f}") for one in functions)
    return Table(title="Dearest functions", head=("function", "own CPU", "with callees", "calls a message"), rows=rows)


def _targets(report: Report) -> Table:
    rows = tuple(
        (
            each.words,
            each.bound,
            "-" if each.value is None else f"{each.value:.2f}",
            "not measured" if each.value is None else "met" if each.is_met else "NOT MET",
        )
        for each in outcomes(report)
    )
    return Table(title="Targets", head=("", "target", "measured", ""), rows=rows)


def _contenders(report: Report) -> Table:
    title = "Milter protocol, 8 connections, one message each"
    return _under_load(title, report.contenders, report.contenders.get(SHIPPED))


def _signing(report: Report) -> Table:
    title = "Signing (RSA-2048), milter protocol, 8 connections, one message each"
    return _under_load(title, report.signing, report.signing.get(SIGNING_POSTWARD))


def _rules(report: Report) -> Table:
    title = "Transport rules, milter protocol, 8 connections, one message each"
    return _beside(title, report.rules, report.rules.get(NO_RULES), "of no rules")


def _scanning(report: Report) -> Table:
    title = "Header, content and DNS lists, milter protocol, 8 connections, one message each"
    return _beside(title, report.scanning, report.scanning.get(AUTHENTICATION), "of the first")


def _beside(title: str, contenders: Mapping[str, Figures], none: Figures | None, ratio: str) -> Table:
    rows = tuple(
        (
            name,
            f"{one.cpu_ms:.2f}",
            f"{min(one.cpu_ms_rounds):.2f}-{max(one.cpu_ms_rounds):.2f}",
            "-" if none is None else f"{cpu_ratio(one, none):.2f}",
            f"{one.p50_ms:.1f}",
            f"{one.p99_ms:.1f}",
            f"{one.memory_bytes / _MB:.0f}",
        )
        for name, one in contenders.items()
    )
    head = ("", "CPU ms", "rounds", ratio, "p50 ms", "p99 ms", "MB")
    return Table(title=title, head=head, rows=rows)


def _under_load(title: str, contenders: Mapping[str, Figures], ours: Figures | None) -> Table:
    rows = tuple(
        (
            name,
            f"{one.cpu_ms:.2f}",
            f"{min(one.cpu_ms_rounds):.2f}-{max(one.cpu_ms_rounds):.2f}",
            f"{one.system_ms:.2f}",
            "-" if ours is None else f"{cpu_ratio(ours, one):.2f}",
            f"{one.per_second:.0f}",
            f"{one.p50_ms:.1f}",
            f"{one.p99_ms:.1f}",
            f"{one.memory_bytes / _MB:.0f}",
        )
        for name, one in contenders.items()
    )
    head = ("", "CPU ms", "rounds", "of it system", "Postward's, of it", "messages/s", "p50 ms", "p99 ms", "MB")
    return Table(title=title, head=head, rows=rows)


def _postfix(report: Report) -> Table:
    rows = tuple(
        (name, f"{one.per_second:.0f}", f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}", str(one.errors))
        for name, one in report.postfix.items()
    )
    head = ("", "messages/s", "p50 ms", "p99 ms", "refused")
    return Table(title="Through Postfix, 8 connections, one message each", head=head, rows=rows)


def _inside(report: Report) -> Table:
    inside = report.inside
    assert inside is not None
    rows = [(name, f"{cost.cpu_ms:.3f}", f"{cost.wall_ms:.3f}") for name, cost in inside.stages.items()]
    stages_ms = sum(cost.cpu_ms for cost in inside.stages.values())
    rows.append(("all stages", f"{stages_ms:.3f}", ""))
    rows.append(("DNS thread", f"{inside.dns_thread_cpu_ms:.3f}", ""))
    if ONE in report.contenders:
        rest_ms = report.contenders[ONE].cpu_ms - stages_ms - inside.dns_thread_cpu_ms
        rows.append(("what one worker takes besides: libmilter, threads, collector", f"{rest_ms:.3f}", ""))
    rows.append(("DNS queries a message", f"{inside.queries:.2f}", ""))
    rows.append(("answers from the cache a message", f"{inside.cache_hits:.2f}", ""))
    rows.append(("copies of a large body at the same time", f"{inside.body_copies:.2f}", ""))
    title = "Inside a worker, without libmilter, one thread, warm caches"
    return Table(title=title, head=("", "CPU ms", "wall ms"), rows=tuple(rows))


def _large_and_small(report: Report) -> Table:
    rows = []
    for name, one in (("25 MB, one attachment", report.attachment), ("25 MB of spaced text", report.spaced_text)):
        if one is not None:
            hashing = f"{one.hashing_twice_ms:.0f} ms for hashing twice"
            rows.append(
                (name, f"{one.cpu_ms:.0f} ms CPU", f"{hashing}, worker grew by {one.growth_bytes / _MB:.1f} MB")
            )
    if report.crowd is not None:
        crowd = report.crowd
        rows.append(
            (f"{crowd.messages} of 25 MB at once", f"{crowd.peak_bytes / _MB:.0f} MB", f"{crowd.seconds:.1f} s")
        )
    if report.cold is not None:
        cold = report.cold
        trips = (
            f"{cold.round_trips_p50:.1f} round trips of {cold.round_trip_ms:.1f} ms, worst {cold.round_trips_worst:.1f}"
        )
        rows.append(("cold DNS, middle message", f"{cold.p50_ms:.0f} ms", trips))
    for size, trip_ms in report.plugin_trips_ms.items():
        rows.append((f"a plugin's process and back, {size}", f"{trip_ms:.2f} ms", "the middle one of many calls"))
    rest = report.rest
    rows.append(("start to ready", f"{rest.ready_after_s:.2f} s", f"{rest.start_cpu_s:.2f} s CPU"))
    idle = f"{rest.idle_total_bytes / _MB:.0f} MB with all workers, supervisor, leader and collector"
    rows.append(("idle worker", f"{rest.idle_worker_bytes / _MB:.0f} MB", idle))
    return Table(title="Large messages, cold DNS, start and rest", head=("", "", ""), rows=tuple(rows))
