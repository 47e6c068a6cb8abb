# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math
import random
from datetime import date, timedelta

import pytest

from postward.model.reputation_day import ReputationDay
from postward.store.reputation.history import pack_days, unpack_days


def day(number, *, good=1.0, bad=0.5, hard=0.25, seen=3.0):
    return ReputationDay(day=date(2026, 1, 1) + timedelta(number), good=good, bad=bad, hard=hard, seen=seen)


def test_days_come_back_in_order_whatever_order_they_had():
    days = [day(5), day(1), day(3)]
    packed = pack_days(days, last_s=7)
    assert len(packed) == 8 + 3 * 18
    assert unpack_days(packed) == (day(1), day(3), day(5))
    assert unpack_days(pack_days([], last_s=0)) == ()


@pytest.mark.parametrize(
    "days",
    [[day(number) for number in range(61)], [day(1), day(1)], [day(1, good=-1)], [day(1, seen=math.nan)],
     [day(1, bad=math.inf)], [day(1, hard=1e20)], [ReputationDay(day=date(1969, 1, 1), good=1, bad=1, hard=1, seen=1)],
     [ReputationDay(day=date(9999, 1, 1), good=1, bad=1, hard=1, seen=1)]],
)  # fmt: skip
def test_what_would_not_be_read_is_not_written(days):
    with pytest.raises(ValueError, match="no history"):
        pack_days(days, last_s=0)


@pytest.mark.parametrize("value", [None, "x", b"", b"x" * 7, b"x" * 9, b"x" * (8 + 61 * 18), [b"x" * 26]])
def test_what_is_no_history_is_none(value):
    assert unpack_days(value) is None


def test_days_out_of_order_are_none():
    packed = pack_days([day(1), day(2)], last_s=0)
    assert unpack_days(packed[:8] + packed[26:] + packed[8:26]) is None
    assert unpack_days(packed[:8] + packed[8:26] * 2) is None


def test_random_octets_never_raise():
    made = random.Random(5)
    for _ in range(5_000):
        for found in unpack_days(made.randbytes(8 + 18 * made.randrange(4))) or ():
            assert found.good >= 0
            assert found.seen >= 0
