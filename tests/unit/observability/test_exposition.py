# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from postward.observability.exposition import Exposition
from postward.observability.families import CHECK_DURATION, FAMILIES, MESSAGES, SESSIONS
from postward.observability.metrics import WorkerMetrics
from postward.observability.sums import Sums


def page(metrics: WorkerMetrics) -> str:
    sums = Sums()
    sums.add("1", metrics.take(), 0.0)
    return Exposition(sums, lambda: 0.0).render().decode()


def samples(text: str) -> dict:
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_family_is_described_even_before_its_first_event():
    text = page(WorkerMetrics())
    for family in FAMILIES.values():
        assert f"# TYPE {family.name} {family.kind}\n" in text
    assert samples(text)["postward_sessions", ()] == 0


def test_a_counter_of_few_known_series_has_them_all_from_the_start():
    metrics = WorkerMetrics()
    metrics.add(MESSAGES, "error")
    found = samples(page(metrics))
    assert found["postward_messages_total", (("action", "error"),)] == 1
    assert found["postward_messages_total", (("action", "accept"),)] == 0
    assert found["postward_keys_unusable_messages_total", (("kind", "dkim"),)] == 0
    names = {name for name, _ in found}
    # Nobody knows the ids of rules here, a check has not all results, and a gauge of 0 would be a statement.
    assert names.isdisjoint({"postward_rule_failures_total", "postward_check_results_total", "postward_worker_load"})


def test_a_prometheus_parser_reads_what_was_counted():
    metrics = WorkerMetrics()
    metrics.add(MESSAGES, "reject", amount=3)
    metrics.set(SESSIONS, 2)
    for seconds in (0.0004, 0.3, 99.0):
        metrics.observe(CHECK_DURATION, seconds, "spf")
    found = samples(page(metrics))
    assert found["postward_messages_total", (("action", "reject"),)] == 3
    assert found["postward_sessions", ()] == 2
    name = "postward_check_duration_seconds"
    buckets = {labels[1][1]: value for (sample, labels), value in found.items() if sample == f"{name}_bucket"}
    assert (buckets["0.0005"], buckets["0.25"], buckets["0.5"], buckets["30"], buckets["+Inf"]) == (1, 1, 2, 2, 3)
    assert found[f"{name}_count", (("check", "spf"),)] == 3
    assert found[f"{name}_sum", (("check", "spf"),)] == 99.3004


def test_names_follow_prometheus():
    for family in FAMILIES.values():
        assert re.fullmatch(r"(postward|process)_[a-z_]+", family.name)
        assert family.name.endswith("_total") == (family.kind == "counter")
