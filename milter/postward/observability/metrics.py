# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting inside one process: cheap additions under one lock, taken away as differences."""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock
from typing import TYPE_CHECKING

from postward.observability.delta import Delta, Observations, Series
from postward.observability.families import FAMILIES, OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.observability.families import Family, Label


class WorkerMetrics:
    """The metrics of one process since they were last taken; safe from every thread.

    A label value that is not on its list counts as ``other``, so the number of series is bounded.
    """

    def __init__(self, known: Mapping[str, frozenset[str]] | None = None) -> None:
        """``known``: the values of labels that the configuration decides on, as ``{"symbol": names}``."""
        self._known = dict(known or {})
        self._lock = Lock()
        self._listed: set[Series] = set()
        self._counters: dict[Series, float] = {}
        self._histograms: dict[Series, list[float]] = {}
        self._totals: dict[Series, float] = {}
        self._gauges: dict[Series, float] = {}

    def add(self, family: Family, *labels: str, amount: float = 1) -> None:
        """Add to a counter."""
        series = self._series(family, labels)
        with self._lock:
            self._counters[series] = self._counters.get(series, 0) + amount

    def raise_to(self, family: Family, total: float, *labels: str) -> None:
        """Bring a counter up to ``total``, for what is counted elsewhere since the process began."""
        series = self._series(family, labels)
        with self._lock:
            gained = total - self._totals.get(series, 0)
            if gained > 0:
                self._totals[series] = total
                self._counters[series] = self._counters.get(series, 0) + gained

    def observe(self, family: Family, value: float, *labels: str) -> None:
        """Add one observation to a histogram; a time in seconds."""
        series = self._series(family, labels)
        bucket = bisect_left(family.buckets, value)
        with self._lock:
            cells = self._cells(series)
            cells[bucket] += 1
            cells[-1] += value

    def set(self, family: Family, value: float, *labels: str) -> None:
        """Set a gauge."""
        series = self._series(family, labels)
        with self._lock:
            self._gauges[series] = value

    def take(self) -> Delta:
        """Return what was counted since the last call, and the gauges as they stand, which are kept."""
        with self._lock:
            counters, self._counters = self._counters, {}
            histograms, self._histograms = self._histograms, {}
            gauges = dict(self._gauges)
        return {
            **counters,
            **{series: _observations(cells) for series, cells in histograms.items()},
            **gauges,
        }

    def give_back(self, delta: Delta) -> None:
        """Count again what was taken and could not be reported; gauges are still there."""
        with self._lock:
            for series, amount in delta.items():
                if isinstance(amount, Observations):
                    cells = self._cells(series)
                    cells[:] = (
                        mine + theirs for mine, theirs in zip(cells, (*amount.counts, amount.total), strict=True)
                    )
                elif series not in self._gauges:
                    self._counters[series] = self._counters.get(series, 0) + amount

    def _cells(self, series: Series) -> list[float]:
        """Return the counts of a histogram's buckets, the infinite one included, and behind them the sum."""
        cells = self._histograms.get(series)
        if cells is None:
            cells = self._histograms[series] = [0.0] * (len(FAMILIES[series[0]].buckets) + 2)
        return cells

    def _series(self, family: Family, labels: tuple[str, ...]) -> Series:
        series = family.name, labels
        if series in self._listed:
            return series
        bounded = tuple(
            value if value in self._allowed(label) else OTHER
            for label, value in zip(family.labels, labels, strict=True)
        )
        if bounded == labels:
            # Of these there are only so many.
            self._listed.add(series)
        return family.name, bounded

    def _allowed(self, label: Label) -> frozenset[str]:
        return label.values if label.values is not None else self._known.get(label.name, frozenset())


def _observations(cells: list[float]) -> Observations:
    return Observations(counts=tuple(int(count) for count in cells[:-1]), total=cells[-1])
