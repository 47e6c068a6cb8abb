# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of reputation as tables, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.reputation.forecasts import OURS
from tests.bench.reputation.goals import REFERENCE, of_scale, of_simulation
from tests.bench.reputation.report import ALL_GROUPS
from tests.bench.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.bench.reputation.report import Report, Scale, Simulated
    from tests.bench.targets import Outcome


def report_tables(report: Report) -> dict[str, Table]:
    """All tables of a report, by the name that their place in the guide has."""
    found: dict[str, Table] = {}
    if report.simulated is not None:
        found |= _of_simulation(report.simulated)
    if report.scale is not None:
        found |= _of_scale(report.scale)
    return found


def _of_simulation(simulated: Simulated) -> dict[str, Table]:
    return {
        "worth": _goals("What it is to be worth", of_simulation(simulated)),
        "brier": _brier(simulated),
        "takeover": _takeover(simulated),
        "flags": _flags(simulated),
    }


def _of_scale(scale: Scale) -> dict[str, Table]:
    found = {
        "cost": _goals("What it may cost", of_scale(scale)),
        "memory": _memory(scale),
        "rates": _rates(scale),
        "stage": _stage(scale),
    }
    return found | {"sizes": _sizes(scale)} if scale.sizes.rates else found


def _goals(title: str, outcomes: Iterable[Outcome]) -> Table:
    rows = tuple(
        (
            each.words,
            each.bound,
            "-" if each.value is None else f"{each.value:.5g}",
            "not measured" if each.value is None else "met" if each.is_met else "NOT MET",
        )
        for each in outcomes
    )
    return Table(title=title, head=("", "target", "measured", ""), rows=rows)


def _brier(simulated: Simulated) -> Table:
    methods = simulated.forecasts.methods
    rows = [(name, *(_number(brier.score(group), 3) for group in ALL_GROUPS)) for name, brier in methods.items()]
    rows.append(("Postward's model as it was designed", *(_number(REFERENCE.get(group), 3) for group in ALL_GROUPS)))
    rows.append(("messages", *(f"{methods[OURS].counts.get(group, 0):,}" for group in ALL_GROUPS)))
    head = ("Brier score by messages of the address before", *ALL_GROUPS)
    return Table(title="How good the forecasts are", head=head, rows=tuple(rows))


def _takeover(simulated: Simulated) -> Table:
    rows = tuple(
        (one.method, *(_number(value, 0) for value in (one.median, one.p90, one.worst)))
        for one in simulated.takeover.methods
    )
    head = ("bad messages until the account is noticed", "median", "90 of 100", "last")
    return Table(title="An account in other hands", head=head, rows=rows)


def _flags(simulated: Simulated) -> Table:
    rows = tuple(
        (
            one.rule,
            f"{one.messages:,}",
            str(one.needed),
            f"{one.honest:.4%}",
            f"{one.honest_in_store:.4%}",
            f"{one.bad:.2%}",
        )
        for one in simulated.flags
    )
    head = ("rule", "messages", "complaints needed", "honest flagged", "the same, drawn", "bad flagged")
    return Table(title="Honest senders taken for bad ones", head=head, rows=rows)


def _memory(scale: Scale) -> Table:
    rows = tuple(
        (one.kind, f"{one.identities:,}", f"{one.key_octets:.1f}", f"{one.bytes_each:.1f}", f"{one.per_second:,.0f}")
        for one in scale.memory
    )
    head = ("kind", "identities", "bytes of the key", "bytes each", "added a second")
    return Table(title="Memory", head=head, rows=rows)


def _rates(scale: Scale) -> Table:
    rows = tuple(
        (
            one.way.value,
            str(one.processes),
            f"{one.per_second:,.0f}",
            f"{one.redis_us:.0f}",
            f"{one.redis_bound:,.0f}",
            f"{one.asking_us:.0f}",
            f"{one.read_p50_us:.0f}",
            f"{one.read_p99_us:.0f}",
        )
        for one in scale.rates
    )
    head = (
        "asked by", "at once", "messages/s", "Redis: CPU us a message", "so at most messages/s",
        "asking: CPU us a message", "reading, p50 us", "p99 us",
    )  # fmt: skip
    return Table(title="One Redis", head=head, rows=rows)


def _stage(scale: Scale) -> Table:
    parts = (*scale.stage.parts, ("all", scale.stage.cpu_us))
    rows = tuple((words, f"{cpu_us:.0f}") for words, cpu_us in parts)
    return Table(title="What a message costs a worker", head=("", "CPU us a message"), rows=rows)


def _sizes(scale: Scale) -> Table:
    rows = tuple(
        (
            one.way.value,
            f"{one.identities:,}",
            f"{one.redis_us:.0f}",
            f"{one.asking_us:.0f}",
            f"{one.read_p50_us:.0f}",
            f"{one.read_p99_us:.0f}",
            f"{one.per_second:,.0f}",
        )
        for one in scale.sizes.rates
    )
    head = (
        "asked by", "identities", "Redis: CPU us a message", "asking: CPU us a message",
        "reading, p50 us", "p99 us", "messages/s",
    )  # fmt: skip
    return Table(title="More identities", head=head, rows=rows)


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
