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
        # Often enough: half the log-odds.
        (Counts(0, 0, 20), 1.02),
        (Counts(0, 0, 400), 2.51),
        (Counts(1, 0, 400), 2.45),
        (Counts(0, 2, 400), 1.73),
        # Two in a hundred ham messages are much for something that weighs more than 2.
        (Counts(30, 5, 1999), 1.99),
        (Counts(300, 40, 1500), 0.33),
        # More often in ham.
        (Counts(300, 40, 100), 0.0),
    ],
)
def test_against_a_message(hits: Counts, expected: float) -> None:
    assert greatest_weight(hits, TOTALS) == pytest.approx(expected, abs=0.005)


def test_nothing_weighs_more_than_three() -> None:
    assert greatest_weight(Counts(0, 0, 10**6), Counts(10**6, 10**6, 10**6)) == 3.0


def test_more_ham_never_allows_more_once_a_symbol_is_known() -> None:
    weights = [greatest_weight(Counts(0, hard, 400), TOTALS) for hard in range(199)]
    assert weights == sorted(weights, reverse=True)


def test_for_a_message_ham_and_spam_change_places() -> None:
    assert least_weight(Counts(2999, 199, 0), TOTALS) == pytest.approx(-3.0)
    assert least_weight(Counts(1500, 100, 20), TOTALS) == pytest.approx(-1.95, abs=0.01)
    assert least_weight(Counts(0, 0, 0), TOTALS) == -0.5
    assert least_weight(Counts(10, 0, 1500), TOTALS) == 0.0
