# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading

import pytest

from postward.observability.delta import Observations
from postward.observability.families import DNS_CACHE_HITS, MESSAGES, SCORE, SESSIONS, SYMBOL_HITS
from postward.observability.metrics import WorkerMetrics


def test_counters_are_taken_as_differences():
    metrics = WorkerMetrics()
    metrics.add(MESSAGES, "accept")
    metrics.add(MESSAGES, "accept", amount=2)
    assert metrics.take() == {("postward_messages_total", ("accept",)): 3}
    assert metrics.take() == {}


def test_an_observation_falls_into_the_bucket_whose_bound_it_does_not_exceed():
    metrics = WorkerMetrics()
    for score in (-11.0, 0.0, 0.5, 21.0):
        metrics.observe(SCORE, score)
    (observations,) = metrics.take().values()
    assert observations.total == 10.5
    by_bound = dict(zip([*SCORE.buckets, None], observations.counts, strict=True))
    assert {bound: count for bound, count in by_bound.items() if count} == {-10.0: 1, 0.0: 1, 1.0: 1, None: 1}


def test_gauges_are_reported_again_and_again():
    metrics = WorkerMetrics()
    metrics.set(SESSIONS, 3)
    metrics.set(SESSIONS, 2)
    assert metrics.take() == metrics.take() == {("postward_sessions", ()): 2}


def test_what_could_not_be_reported_is_counted_again():
    metrics = WorkerMetrics()
    metrics.add(MESSAGES, "junk")
    metrics.observe(SCORE, 1.0)
    metrics.set(SESSIONS, 1)
    taken = metrics.take()
    metrics.add(MESSAGES, "junk")
    metrics.observe(SCORE, 100.0)
    metrics.give_back(taken)
    delta = metrics.take()
    assert delta["postward_messages_total", ("junk",)] == 2
    assert delta["postward_score", ()].total == 101.0
    assert sum(delta["postward_score", ()].counts) == 2
    assert delta["postward_sessions", ()] == 1


def test_a_counter_kept_elsewhere_is_followed():
    metrics = WorkerMetrics()
    for total in (5, 5, 9, 4):
        metrics.raise_to(DNS_CACHE_HITS, total)
    assert metrics.take() == {("postward_dns_cache_hits_total", ()): 9}
    metrics.raise_to(DNS_CACHE_HITS, 10)
    assert metrics.take() == {("postward_dns_cache_hits_total", ()): 1}


def test_symbols_are_those_that_the_configuration_knows():
    metrics = WorkerMetrics({"symbol": frozenset({"SPF_PASS"})})
    for name in ("SPF_PASS", "X1", "X2"):
        metrics.add(SYMBOL_HITS, name)
    assert metrics.take() == {
        ("postward_symbol_hits_total", ("SPF_PASS",)): 1,
        ("postward_symbol_hits_total", ("other",)): 2,
    }


def test_a_label_that_is_missing_is_a_defect_and_not_a_series():
    with pytest.raises(ValueError):
        WorkerMetrics().add(MESSAGES)


def test_threads_lose_nothing():
    metrics = WorkerMetrics()
    taken: list[float] = []

    def count():
        for _ in range(2000):
            metrics.add(MESSAGES, "accept")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken.extend(amount for amount in metrics.take().values() if not isinstance(amount, Observations))
    taken.extend(amount for amount in metrics.take().values() if not isinstance(amount, Observations))
    assert sum(taken) == 8000
