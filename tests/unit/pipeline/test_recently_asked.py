# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of what was asked ahead."""

from __future__ import annotations

import pytest

from postward.pipeline.recently_asked import FORGET_AFTER_S, MAX_KEYS, RecentlyAsked
from tests.clock import Clock


@pytest.fixture
def clock():
    return Clock()


def test_a_key_is_news_once(clock):
    asked = RecentlyAsked(clock)
    assert [asked.is_news(key) for key in ("a", "b", "a", "b")] == [True, True, False, False]


@pytest.mark.parametrize(("later_s", "is_news"), [(FORGET_AFTER_S * 0.9, False), (FORGET_AFTER_S * 2, True)])
def test_it_is_news_again_after_a_while(clock, later_s, is_news):
    asked = RecentlyAsked(clock)
    asked.is_news("a")
    clock.now_s += later_s
    assert asked.is_news("a") is is_news


def test_what_is_asked_for_all_the_time_is_remembered_over_the_turn(clock):
    asked = RecentlyAsked(clock)
    told = []
    for _ in range(10):
        told.append(asked.is_news("a"))
        clock.now_s += FORGET_AFTER_S * 0.6
    assert told == [True] + [False] * 9


def test_it_holds_no_more_than_its_bound(clock):
    asked = RecentlyAsked(clock)
    for number in range(3 * MAX_KEYS):
        asked.is_news(number)
    assert len(asked._current) + len(asked._previous) <= 2 * MAX_KEYS
