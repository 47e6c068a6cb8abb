# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.bench.reputation.noticed import first_noticed, noticed


def test_an_account_is_noticed_by_what_was_learnt_before() -> None:
    assert first_noticed([0.0, 0.1, 0.31, 0.2]) == 2
    assert first_noticed([0.0, 0.1, 0.3]) is None


def test_figures_of_all_accounts() -> None:
    found = noticed("ours", [[0.0] * count + [0.9] for count in range(1, 12)])
    assert (found.median, found.p90, found.worst) == (6, pytest.approx(10), 11)


def test_accounts_that_are_never_noticed_are_worse_than_any_number() -> None:
    found = noticed("theirs", [[0.9], [0.0], [0.0]])
    assert found.messages == (0, None, None)
    assert (found.median, found.p90, found.worst) == (None, None, None)
