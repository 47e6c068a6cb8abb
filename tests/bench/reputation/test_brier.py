# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.bench.reputation.brier import ALL, Brier, group_of


@pytest.mark.parametrize(
    ("observations", "group"), [(0, "0"), (1, "1-2"), (2, "1-2"), (3, "3-9"), (9, "3-9"), (49, "10-49"), (50, "50+")]
)
def test_group_of(observations: int, group: str) -> None:
    assert group_of(observations) == group


def test_a_score_is_the_mean_of_squares_of_its_group_and_of_all() -> None:
    brier = Brier()
    brier.note(0, 0.2, is_bad=True)
    brier.note(0, 0.4, is_bad=False)
    brier.note(70, 1.0, is_bad=True)
    assert brier.score("0") == pytest.approx((0.64 + 0.16) / 2)
    assert brier.score("50+") == 0.0
    assert brier.score(ALL) == pytest.approx(0.8 / 3)
    assert brier.score("3-9") is None
