# SPDX-License-Identifier: GPL-3.0-or-later
"""What hits in ham and in spam allow a symbol to weigh."""

from __future__ import annotations

import pytest

from tests.bench.quality.hit_rates import Counts
from tests.bench.quality.weight_rule import greatest_weight, least_weight

TOTALS = Counts(easy_ham=2999, hard_ham=199, spam=1999)


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        # Seen too seldom, or never, or in ham only.
        (Counts(0, 0, 0), 0.5),
        (Counts(0, 0, 19), 0.5),
        (Counts(5, 5, 0), 0.5),
        # Often enough: the log-odds.
        (Counts(0, 0, 20), 1.41),
        (Counts(0, 2, 20), 0.0),
        (Counts(0, 5, 100), 0.6),
        (Counts(0, 0, 400), 2.4),
        # Often in spam, and so often in ham that a great weight would do harm.
        (Counts(300, 40, 1500), 0.25),
        # More often in ham.
        (Counts(300, 40, 100), 0.0),
    ],
)
def test_against_a_message(hits: Counts, expected: float) -> None:
    assert greatest_weight(hits, TOTALS) == pytest.approx(expected, abs=0.005)


def test_two_reasons_make_no_junk() -> None:
    assert 2 * greatest_weight(Counts(0, 0, 10**6), Counts(10**6, 10**6, 10**6)) < 5.0


def test_more_ham_never_allows_more_once_a_symbol_is_known() -> None:
    weights = [greatest_weight(Counts(0, hard, 400), TOTALS) for hard in range(199)]
    assert weights == sorted(weights, reverse=True)


def test_for_a_message_ham_and_spam_change_places() -> None:
    assert least_weight(Counts(2999, 199, 0), TOTALS) == -2.4
    assert least_weight(Counts(300, 20, 100), TOTALS) == pytest.approx(-0.71, abs=0.005)
    assert least_weight(Counts(0, 0, 0), TOTALS) == -0.5
    assert least_weight(Counts(10, 0, 1500), TOTALS) == 0.0
