# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.reputation import FAST, SLOW, Evidence, Record

_DAY_S = 86_400


def record(**changes):
    return Record(**{"good": 8.0, "bad": 4.0, "hard": 2.0, "seen": 20.0, "first_s": 100, "last_s": 1_000} | changes)


def test_evidence_adds_up():
    both = Evidence(good=1.0, seen=1.0) + Evidence(bad=0.5, hard=1.0, seen=1.0)
    assert both == Evidence(good=1.0, bad=0.5, hard=1.0, seen=2.0)


def test_soft_evidence_counts_half_after_two_weeks():
    later = record().at(1_000 + 14 * _DAY_S)
    assert (later.good, later.bad) == pytest.approx((4.0, 2.0))
    assert later.hard == pytest.approx(2.0 * 2 ** (-14 / 45))


def test_hard_evidence_lasts_longer():
    assert record().at(1_000 + 45 * _DAY_S).hard == pytest.approx(1.0)


def test_the_fast_window_forgets_within_hours():
    later = record().at(1_000 + 2 * 3_600, FAST)
    assert (later.good, later.hard) == pytest.approx((0.5, 0.125))


def test_messages_seen_do_not_fade():
    later = record().at(1_000 + 400 * _DAY_S)
    assert (later.seen, later.first_s, later.last_s) == (20.0, 100, 1_000)


@pytest.mark.parametrize("now_s", [1_000, 999, 0, -5])
def test_a_clock_that_goes_back_makes_nothing_more(now_s):
    assert record().at(now_s, SLOW) == record()


def test_what_is_very_old_counts_nothing():
    assert record().at(1e12).weight == 0.0
