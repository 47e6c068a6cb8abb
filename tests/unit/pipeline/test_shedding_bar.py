# SPDX-License-Identifier: GPL-3.0-or-later
"""How much trust it takes to be let in: rises with the load, and chance decides among those who are trusted alike."""

from __future__ import annotations

from math import inf

import pytest

from postward.pipeline.shedding_bar import KNOWN_AS_BAD, WELL_KNOWN, Lots, SheddingBar

BAR = SheddingBar()
CLIENTS = [f"192.0.{number}.0/24" for number in range(200)]
NOW_S = 1_800_000_000.0


@pytest.mark.parametrize(
    ("load", "needed"), [(0.0, 0.0), (0.69, 0.0), (0.85, 0.5), (1.0, WELL_KNOWN), (1.2, WELL_KNOWN), (1.25, inf)]
)
def test_what_it_takes(load, needed):
    assert BAR.trust_needed(load) == pytest.approx(needed)


@pytest.mark.parametrize(("full", "last"), [(1.0, 2.0), (2.0, 4.0)])
def test_the_last_are_sent_away_where_as_many_wait_as_are_judged(full, last):
    bar = SheddingBar(begin=0.5, full=full)
    assert not bar.is_last_resort(last - 0.01)
    assert bar.is_last_resort(last)


def spread(trust, now_s=NOW_S, secret=b"secret"):
    lots = Lots(secret)
    return [lots.spread(trust, client, now_s) for client in CLIENTS]


def test_chance_spreads_those_of_whom_nothing_is_known():
    found = spread(0.5)
    assert KNOWN_AS_BAD <= min(found) < 0.42
    assert 0.58 < max(found) <= 0.6
    assert sum(found) / len(found) == pytest.approx(0.5, abs=0.02)


def test_it_moves_nobody_who_is_known_for_certain():
    assert spread(1.0) == [1.0] * len(CLIENTS)
    assert min(spread(0.97)) > WELL_KNOWN
    assert max(spread(0.03)) < KNOWN_AS_BAD


def test_asking_again_at_once_changes_nothing_and_later_it_is_the_turn_of_others():
    first, soon, late = spread(0.5), spread(0.5, NOW_S + 1.0), spread(0.5, NOW_S + 900.0)
    assert sum(a != b for a, b in zip(first, soon, strict=True)) <= 2
    assert sum(a != b for a, b in zip(first, late, strict=True)) > 190


def test_the_turns_do_not_end_all_at_once():
    changed = [
        sum(a != b for a, b in zip(spread(0.5, NOW_S + at), spread(0.5, NOW_S + at + 100.0), strict=True))
        for at in (0.0, 300.0, 600.0)
    ]
    assert all(0 < count < 60 for count in changed)


def test_nobody_outside_can_tell_whose_turn_it_is():
    assert spread(0.5, secret=b"other") != spread(0.5)
