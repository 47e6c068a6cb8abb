# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.observability.families import REDIS_FAILURES, REDIS_UP
from postward.observability.metrics import WorkerMetrics
from postward.observability.redis_reporting import RedisReporting
from postward.store.redis_failure import FailureKind
from tests.unit.observability.noted_log import NotedLog


def _value(metrics, family):
    return metrics.take()[family.name, ()]


def test_what_is_told_of_a_server_that_goes_and_comes_back():
    log, metrics = NotedLog(), WorkerMetrics()
    reporting = RedisReporting(log, metrics)
    assert _value(metrics, REDIS_UP) == 1
    reporting.failed(FailureKind.TIMEOUT)
    reporting.passed_over("did not answer in time", 5.0)
    assert _value(metrics, REDIS_UP) == 0
    reporting.answers()
    assert _value(metrics, REDIS_UP) == 1
    assert log.lines == [
        ("redis.passed_over", {"text": "did not answer in time", "seconds": 5.0}),
        ("redis.answers", {}),
    ]


def test_every_way_to_fail_has_a_label_of_its_own():
    (label,) = REDIS_FAILURES.labels
    assert label.values == {kind.value for kind in FailureKind}
