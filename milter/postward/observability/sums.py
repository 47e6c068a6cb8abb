# SPDX-License-Identifier: GPL-3.0-or-later
"""What all processes together have counted, those that have ended included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.delta import Observations, Series
from postward.observability.families import FAMILIES, OTHER, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.observability.delta import Delta

_MAX_SERIES = 4096
_GAUGE_LIFETIME_S = 15.0
"""A process reports every second; one that has been silent for so long is gone, and so are its sessions."""


class Sums:
    """Adds reports up; not safe from several threads.

    Should names that the configuration decides on ever become too many, the surplus counts as ``other``.
    """

    def __init__(self) -> None:
        self._counters: dict[Series, float] = {}
        self._histograms: dict[Series, Observations] = {}
        self._gauges: dict[Series, dict[str, tuple[float, float]]] = {}

    def add(self, sender: str, delta: Delta, now_s: float) -> None:
        """Take a report in; ``now_s`` is when it came."""
        for series, amount in delta.items():
            bounded = self._bounded(series)
            if isinstance(amount, Observations):
                self._histograms[bounded] = _added(self._histograms.get(bounded), amount)
            elif FAMILIES[bounded[0]].kind is Kind.GAUGE:
                self._set_gauge(bounded, sender, amount, now_s)
            else:
                self._counters[bounded] = self._counters.get(bounded, 0) + amount

    def numbers(self, name: str, now_s: float) -> Iterator[tuple[tuple[str, ...], float]]:
        """Yield the label values and the value of each series of a counter or gauge."""
        for (family, labels), value in self._counters.items():
            if family == name:
                yield labels, value
        for (family, labels), by_sender in self._gauges.items():
            if family == name:
                yield labels, _gauge_value(by_sender, now_s, is_summed=FAMILIES[name].is_summed)

    def histograms(self, name: str) -> Iterator[tuple[tuple[str, ...], Observations]]:
        """Yield the label values and the observations of each series of a histogram."""
        for (family, labels), observations in self._histograms.items():
            if family == name:
                yield labels, observations

    def _set_gauge(self, series: Series, sender: str, value: float, now_s: float) -> None:
        by_sender = self._gauges.setdefault(series, {})
        if FAMILIES[series[0]].is_summed:
            for gone in [name for name, (_, seen_s) in by_sender.items() if _is_stale(seen_s, now_s)]:
                del by_sender[gone]
            by_sender[sender] = (value, now_s)
        elif all(value >= old or seen_s > now_s for old, seen_s in by_sender.values()):
            by_sender.clear()
            by_sender[sender] = (value, now_s)

    def _bounded(self, series: Series) -> Series:
        size = len(self._counters) + len(self._histograms) + len(self._gauges)
        if size < _MAX_SERIES or series in self._counters or series in self._histograms or series in self._gauges:
            return series
        return series[0], (OTHER,) * len(series[1])


def _added(old: Observations | None, new: Observations) -> Observations:
    if old is None:
        return new
    counts = tuple(mine + theirs for mine, theirs in zip(old.counts, new.counts, strict=True))
    return Observations(counts=counts, total=old.total + new.total)


def _gauge_value(by_sender: dict[str, tuple[float, float]], now_s: float, *, is_summed: bool) -> float:
    return sum(value for value, seen_s in by_sender.values() if not is_summed or not _is_stale(seen_s, now_s))


def _is_stale(seen_s: float, now_s: float) -> bool:
    # What was seen in the future was seen before the clock was set back; a process that lives reports again at once.
    return not 0 <= now_s - seen_s <= _GAUGE_LIFETIME_S
