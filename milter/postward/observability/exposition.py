# SPDX-License-Identifier: GPL-3.0-or-later
"""The sums in Prometheus's text format; the only file that knows prometheus_client."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from postward.observability.families import FAMILIES, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prometheus_client import Metric

    from postward.observability.delta import Observations
    from postward.observability.families import Family
    from postward.observability.sums import Sums

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_MOST_ZEROS = 64
"""What has more combinations of label values, such as checks and their results, has many that never come."""


class Exposition:
    """Renders the sums as they stand."""

    def __init__(self, sums: Sums, clock: Callable[[], float]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_SumsCollector(sums, clock))

    def render(self) -> bytes:
        """Return the body of an answer to ``GET /metrics``, of type ``CONTENT_TYPE``."""
        return generate_latest(self._registry)


class _SumsCollector(Collector):
    def __init__(self, sums: Sums, clock: Callable[[], float]) -> None:
        self._sums = sums
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        now_s = self._clock()
        for family in FAMILIES.values():
            if family.kind is Kind.HISTOGRAM:
                yield self._histogram(family)
            else:
                yield self._numbers(family, now_s)

    def _numbers(self, family: Family, now_s: float) -> Metric:
        kind = CounterMetricFamily if family.kind is Kind.COUNTER else GaugeMetricFamily
        metric = kind(family.name, family.description, labels=[label.name for label in family.labels])
        values = dict.fromkeys(_known_series(family), 0.0) | dict(self._sums.numbers(family.name, now_s))
        for labels, value in values.items():
            metric.add_metric(labels, value)
        return metric

    def _histogram(self, family: Family) -> Metric:
        metric = HistogramMetricFamily(family.name, family.description, labels=[label.name for label in family.labels])
        for labels, observations in self._sums.histograms(family.name):
            metric.add_metric(labels, _cumulated(family, observations), observations.total)
        return metric


def _known_series(family: Family) -> Iterator[tuple[str, ...]]:
    """The label values that a metric has before anything was counted.

    A series that appears only with its first event cannot be alerted on: Prometheus sees no increase.
    """
    if family.labels and family.kind is Kind.GAUGE:
        return iter(())
    lists = [sorted(label.values or ()) for label in family.labels]
    return product(*lists) if prod(map(len, lists)) <= _MOST_ZEROS else iter(())


def _cumulated(family: Family, observations: Observations) -> list[tuple[str, float]]:
    """Return the buckets as Prometheus counts them: each holds all that is smaller."""
    bounds = [*(f"{bound:g}" for bound in family.buckets), "+Inf"]
    running = 0
    cumulated: list[tuple[str, float]] = []
    for bound, count in zip(bounds, observations.counts, strict=True):
        running += count
        cumulated.append((bound, running))
    return cumulated
