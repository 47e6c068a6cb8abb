# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from random import Random

import pytest

from tests.bench.reputation.false_flags import (
    HONEST,
    LOOK,
    RAW_LOOK,
    RAW_STOP,
    STOP,
    Rule,
    _binomial,
    at_least,
)


def test_how_likely_a_number_of_complaints_is() -> None:
    assert at_least(0, 10, 0.5) == 1.0
    assert at_least(1, 200, HONEST) == pytest.approx(1 - (1 - HONEST) ** 200)
    assert at_least(10, 10, 0.5) == pytest.approx(0.5**10)


@pytest.mark.parametrize(
    ("rule", "messages", "needed"),
    # The figures that the rules were designed by.
    [
        (RAW_STOP, 200, 1),
        (STOP, 200, 5),
        (RAW_LOOK, 1_000, 1),
        (LOOK, 1_000, 4),
        (RAW_STOP, 10_000, 50),
        (STOP, 10_000, 63),
    ],
)
def test_how_many_complaints_a_rule_needs(rule: Rule, messages: int, needed: int) -> None:
    assert rule.needed(messages) == needed


def test_drawn_complaints_are_as_many_as_computed_ones() -> None:
    rng = Random(1)
    counts = [_binomial(rng, 1_000, 0.002) for _ in range(20_000)]
    assert sum(counts) / len(counts) == pytest.approx(2.0, rel=0.03)
    assert sum(count >= 5 for count in counts) / len(counts) == pytest.approx(at_least(5, 1_000, 0.002), rel=0.1)
