# SPDX-License-Identifier: GPL-3.0-or-later
"""What was seen of each kind of sender, and whether the good ones noticed anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.overload.crowd import Kind
from tests.bench.overload.mta_session import End

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.overload.mta_session import Handled


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """One kind in one run."""

    offered: int
    ends: Mapping[End, int]
    p50_ms: float
    """Of those that were accepted."""
    p99_ms: float

    @property
    def accepted_share(self) -> float:
        """From 0 to 1."""
        return self.ends.get(End.ACCEPTED, 0) / self.offered if self.offered else 0.0


Run = dict[Kind, KindFigures]


def summarize(handled: Sequence[tuple[Kind, Handled]]) -> Run:
    """Sort by kind."""
    return {kind: _of([one for its, one in handled if its is kind]) for kind in Kind if kind in {k for k, _ in handled}}


def _of(handled: Sequence[Handled]) -> KindFigures:
    accepted = sorted(one.ms for one in handled if one.end is End.ACCEPTED)
    return KindFigures(
        offered=len(handled),
        ends=Counter(one.end for one in handled),
        p50_ms=percentile(accepted, 0.5),
        p99_ms=percentile(accepted, 0.99),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which so many are; 0 of none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The same crowd three times: a quiet hour, and twice what can be judged with and without shedding."""

    quiet: Run
    shed: Run
    unshed: Run

    @property
    def broken(self) -> int:
        """Sessions that broke, of all three."""
        runs = (self.quiet, self.shed, self.unshed)
        return sum(one.ends.get(End.BROKEN, 0) for run in runs for one in run.values())

    @property
    def ratio(self) -> float:
        """How much longer the slowest of a hundred good messages takes, of a quiet hour."""
        return self.shed[Kind.GOOD].p99_ms / self.quiet[Kind.GOOD].p99_ms


def head() -> str:
    """The head of the table."""
    return (
        "| | offered | accepted | put off at MAIL | at RCPT | at the end | p50 ms | p99 ms |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )


def lines(title: str, runs: Sequence[Run]) -> list[str]:
    """One line a kind: sums over the repeats, and medians of the times."""
    found = []
    for kind in (kind for kind in Kind if kind in runs[0]):
        ones = [run[kind] for run in runs]
        offered = sum(one.offered for one in ones)
        shares = [
            f"{100 * sum(one.ends.get(end, 0) for one in ones) / offered:.1f} %"
            for end in (End.ACCEPTED, End.AT_MAIL, End.AT_RCPT, End.AT_END)
        ]
        times = [f"{median(one.p50_ms for one in ones):.0f}", f"{median(one.p99_ms for one in ones):.0f}"]
        found.append(f"| {title}: {kind.value} | {' | '.join([str(offered), *shares, *times])} |")
    return found
