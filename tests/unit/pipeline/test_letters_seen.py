# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.pipeline.letters_seen import LettersSeen
from tests.clock import Clock

DAY_S = 86_400.0


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def seen(clock):
    return LettersSeen(clock, forget_after_s=DAY_S, most=1_000)


def test_the_first_time_is_news_and_no_other_for_a_day(seen, clock):
    assert seen.is_news("a")
    assert not seen.is_news("a")
    assert seen.is_news("b")
    clock.now_s += DAY_S * 0.99
    assert not seen.is_news("a")


def test_what_goes_on_to_come_is_never_news_again(seen, clock):
    assert seen.is_news("a")
    for _ in range(10):
        clock.now_s += DAY_S * 0.9
        assert not seen.is_news("a")


@pytest.mark.parametrize("days", [2.0, 5.0])
def test_what_has_not_come_for_two_days_is_forgotten(seen, clock, days):
    assert seen.is_news("a")
    clock.now_s += DAY_S * days
    assert seen.is_news("a")


def test_of_so_many_letters_none_is_forgotten_and_few_are_mistaken():
    seen = LettersSeen(Clock(), forget_after_s=DAY_S, most=60_000)
    mistaken = sum(not seen.is_news(f"letter {number}") for number in range(60_000))
    assert mistaken < 600
    assert not any(seen.is_news(f"letter {number}") for number in range(0, 60_000, 7))


def test_beyond_that_the_oldest_go_and_it_takes_no_more_memory(seen):
    for number in range(5_000):
        seen.is_news(f"letter {number}")
    assert seen.is_news("letter 0")
    assert not seen.is_news("letter 4999")
    assert len(seen._current) == len(seen._previous) == 1_250


def test_hostile_letters_are_letters(seen):
    for letter in ("", "\udc80", "\x00", "é" * 65_536):
        assert seen.is_news(letter)
        assert not seen.is_news(letter)
