# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.errors import PluginFailure
from postward.rules.plugins.breaker import BreakerSettings, PluginBreaker
from tests.clock import Clock


def test_five_failures_within_a_minute_suspend_for_a_minute() -> None:
    clock = Clock()
    breaker = PluginBreaker(BreakerSettings(), clock=clock)
    for _ in range(4):
        assert not breaker.failed("p")
        clock.now_s += 10
    breaker.check("p")
    assert breaker.failed("p")
    assert breaker.suspended() == ("p",)
    breaker.check("q")
    clock.now_s += 59.9
    with pytest.raises(PluginFailure, match="plugin p is suspended") as failure:
        breaker.check("p")
    assert failure.value.kind == "suspended"
    clock.now_s += 0.1
    breaker.check("p")
    assert breaker.suspended() == ()


def test_failures_that_are_far_between_do_not_count_together() -> None:
    clock = Clock()
    breaker = PluginBreaker(BreakerSettings(), clock=clock)
    for _ in range(50):
        assert not breaker.failed("p")
        clock.now_s += 16
    breaker.check("p")


def test_after_a_suspension_counting_begins_anew() -> None:
    clock = Clock()
    breaker = PluginBreaker(BreakerSettings(failures=2), clock=clock)
    assert [breaker.failed("p") for _ in range(2)] == [False, True]
    clock.now_s += 60
    breaker.check("p")
    assert [breaker.failed("p") for _ in range(2)] == [False, True]
