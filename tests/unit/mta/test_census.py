# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.mta.census import Census


def test_counting():
    now = [10.0]
    census = Census(lambda: now[0])
    census.opened()
    census.opened()
    census.closed()
    assert (census.sessions, census.messages, census.oldest_s) == (1, 0, 0.0)
    census.began(1)
    now[0] = 12.0
    census.began(2)
    now[0] = 13.0
    assert census.oldest_s == 3.0
    census.ended(1)
    census.ended(1)
    assert (census.oldest_s, census.messages) == (1.0, 1)
