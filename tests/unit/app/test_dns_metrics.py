# SPDX-License-Identifier: GPL-3.0-or-later
"""What the resolver counts, as metrics."""

from __future__ import annotations

from dataclasses import dataclass

from postward.app.dns_metrics import DnsMetrics
from postward.dns.answer import Outcome, RecordType
from postward.observability.families import DNS_CACHE_HITS, DNS_DURATION, DNS_QUERIES
from postward.observability.metrics import WorkerMetrics


@dataclass
class Statistics:
    cache_hits: int


def test_each_query_counts_with_its_end_and_its_time():
    metrics = WorkerMetrics()
    DnsMetrics(metrics).observe(RecordType.TXT, Outcome.NXDOMAIN, 0.02)
    taken = metrics.take()
    assert taken[DNS_QUERIES.name, ("TXT", "nxdomain")] == 1
    assert taken[DNS_DURATION.name, ()].total == 0.02


def test_cache_hits_count_once():
    metrics = WorkerMetrics()
    dns_metrics = DnsMetrics(metrics)
    counted = []
    for hits in (3, 3, 8):
        dns_metrics.fetch(lambda hits=hits: Statistics(hits))
        counted.append(metrics.take()[DNS_CACHE_HITS.name, ()])
    assert counted == [3, 0, 5]
