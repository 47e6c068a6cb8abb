# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.observability.families import REPUTATION_LOST, REPUTATION_REFUSED
from postward.observability.metrics import WorkerMetrics
from postward.observability.reputation_reporting import ReputationReporting
from tests.clock import Clock
from tests.unit.observability.noted_log import NotedLog


@pytest.fixture
def told():
    log, metrics, clock = NotedLog(), WorkerMetrics(), Clock()
    return ReputationReporting(log, metrics, clock=clock), log, metrics, clock


def test_all_is_counted_and_the_same_is_logged_once_a_minute(told):
    reporting, log, metrics, clock = told
    for _ in range(3):
        for _ in range(100):
            reporting.refused(2)
            reporting.lost("full", 3)
            reporting.lost("unclear", 1)
            reporting.failed("ConnectionError: refused")
        clock.now_s += 40.0
    assert log.lines == 2 * [
        ("reputation.refused", {"values": 2}),
        ("reputation.lost", {"why": "full", "keys": 3}),
        ("reputation.lost", {"why": "unclear", "keys": 1}),
        ("reputation.not_written", {"text": "ConnectionError: refused"}),
    ]
    assert metrics.take() == {
        (REPUTATION_REFUSED.name, ()): 600,
        (REPUTATION_LOST.name, ("full",)): 900,
        (REPUTATION_LOST.name, ("unclear",)): 300,
    }
