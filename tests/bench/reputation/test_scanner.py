# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from random import Random

import pytest

from tests.bench.reputation.scanner import Scanner, lesson


@pytest.mark.parametrize("probability", [0.31, 0.5, 0.69])
def test_what_is_not_sure_teaches_nothing_but_that_it_came(probability: float) -> None:
    found = lesson(probability)
    assert (found.good, found.bad, found.seen) == (0.0, 0.0, 1.0)


def test_the_surer_the_more_it_teaches() -> None:
    assert lesson(0.95).bad == pytest.approx(0.9)
    assert lesson(0.1).good == pytest.approx(0.8)
    assert lesson(0.1).bad == lesson(0.95).good == 0.0


def test_a_scanner_is_wrong_as_often_as_it_is_made() -> None:
    rng = Random(1)
    wrong = sum(Scanner(wrong=0.2).judge(rng, is_bad=True) < 0.5 for _ in range(5_000)) / 5_000
    assert 0.18 < wrong < 0.24
