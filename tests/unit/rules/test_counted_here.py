# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.rules.counted_here import CountedHere


def test_each_key_is_counted_by_window_the_latest_first():
    rates = CountedHere()
    for now_s in (1.0, 59.0, 61.0):
        last = rates.count("a", windows=3, window_s=60.0, now_s=now_s)
    assert last == (1, 2, 0)
    assert rates.count("b", windows=1, window_s=60.0, now_s=61.0) == (1,)
