# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.observability.families import SCANNER_FAILURES
from postward.observability.metrics import WorkerMetrics
from postward.observability.scanner_reporting import ScannerReporting
from tests.clock import Clock
from tests.unit.observability.noted_log import NotedLog


@pytest.fixture
def told():
    log, metrics, clock = NotedLog(), WorkerMetrics(), Clock()
    return ScannerReporting(log, metrics, clock=clock), log, metrics, clock


def test_each_failure_is_counted_and_the_same_is_logged_now_and_then(told):
    reporting, log, metrics, clock = told
    for _ in range(100):
        reporting.failed("clamav", "cannot be reached", "no such file")
    reporting.failed("clamav", "did not answer in time", "")
    clock.now_s += 30.0
    reporting.failed("clamav", "cannot be reached", "no such file")
    assert [fields["text"] for _, fields in log.lines] == [
        "cannot be reached", "did not answer in time", "cannot be reached",
    ]  # fmt: skip
    assert metrics.take() == {(SCANNER_FAILURES.name, ("clamav",)): 102}


def test_one_that_is_passed_over_is_always_logged(told):
    reporting, log, _, _ = told
    reporting.passed_over("rspamd", 30.0)
    assert log.lines == [("scanner.passed_over", {"scanner": "rspamd", "seconds": 30.0})]
