# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.mta.lapses import Lapses


def test_only_what_is_out_of_the_ordinary_is_lost():
    times = iter([100.0, 100.2, 101.9, 461.9, 462.0])
    lapses = Lapses(lambda: next(times))
    assert [lapses.lost_s() for _ in range(4)] == [0.0, 0.0, 360.0, 0.0]
