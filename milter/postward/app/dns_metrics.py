# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring what the resolver counts into the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.families import DNS_CACHE_HITS, DNS_DURATION, DNS_QUERIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.answer import Outcome, RecordType
    from postward.dns.statistics import DnsStatistics
    from postward.observability.metrics import WorkerMetrics


class DnsMetrics:
    """Counts each query as it ends; cache hits are counted by the resolver and fetched now and then."""

    def __init__(self, metrics: WorkerMetrics) -> None:
        self._metrics = metrics
        self._cache_hits = 0

    def observe(self, record_type: RecordType, outcome: Outcome, seconds: float) -> None:
        """Count one query that went to a server; called on the DNS thread."""
        self._metrics.add(DNS_QUERIES, record_type.value, outcome.value)
        self._metrics.observe(DNS_DURATION, seconds)

    def fetch(self, statistics: Callable[[], DnsStatistics]) -> None:
        """Count the cache hits since the last call."""
        hits = statistics().cache_hits
        self._metrics.add(DNS_CACHE_HITS, amount=hits - self._cache_hits)
        self._cache_hits = hits
