# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math

import pytest

from tests.bench.reputation.rivals import FlatMean, PlainRatio, TimedEwma

_DAY_S = 86_400.0


def test_whoever_is_not_known_is_taken_for_everybody() -> None:
    for rival in (FlatMean(), PlainRatio(), TimedEwma()):
        assert rival.expect(0.2) == pytest.approx(0.2)


def test_a_flat_mean_fades_to_that_of_everybody() -> None:
    mean = FlatMean(strength=2.0, half_life_s=14 * _DAY_S)
    for _ in range(8):
        mean.learn(0.0, is_bad=True, weight=1.0)
    assert mean.expect(0.2) == pytest.approx((8 + 0.4) / 10)
    mean.learn(28 * _DAY_S, is_bad=False, weight=0.0)
    assert mean.expect(0.2) == pytest.approx((2 + 0.4) / 4)


def test_a_plain_ratio_counts_every_message_alike() -> None:
    ratio = PlainRatio()
    for is_bad in (True, False, False, False):
        ratio.learn(0.0, is_bad=is_bad, weight=0.1)
    assert ratio.expect(0.9) == pytest.approx(0.25)


def test_an_ewma_by_time_says_nothing_before_its_tenth_message() -> None:
    ewma = TimedEwma(least=10)
    for number in range(9):
        ewma.learn(number * _DAY_S, is_bad=True, weight=1.0)
    assert ewma.expect(0.2) == pytest.approx(0.2)
    ewma.learn(9 * _DAY_S, is_bad=True, weight=1.0)
    assert ewma.expect(0.2) == pytest.approx(1.0)


def test_an_ewma_by_time_weighs_a_message_by_the_time_before_it() -> None:
    ewma = TimedEwma(window_s=30 * _DAY_S, least=1)
    ewma.learn(0.0, is_bad=False, weight=1.0)
    ewma.learn(0.5, is_bad=True, weight=1.0)
    assert ewma.expect(0.2) == 0.0
    ewma.learn(30 * _DAY_S, is_bad=True, weight=1.0)
    assert ewma.expect(0.2) == pytest.approx(1 - math.exp(-1))
