# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.pipeline.fading_memory import MAX_KEYS, FadingMemory
from tests.clock import Clock

LIFETIME_S = 60.0


@pytest.fixture
def clock():
    return Clock()


@pytest.mark.parametrize(("later_s", "value"), [(29.0, 0.0), (61.0, None), (600.0, None)])
def test_a_value_is_there_for_half_its_life_and_gone_after_it(clock, later_s, value):
    memory = FadingMemory(clock, LIFETIME_S)
    memory.put("a", 0.0)
    clock.now_s += later_s
    assert memory.get("a") == value


def test_the_newest_value_counts(clock):
    memory = FadingMemory(clock, LIFETIME_S)
    memory.put("a", 1)
    clock.now_s += 31.0
    memory.put("a", 0)
    assert memory.get("a") == 0
    assert memory.get("b") is None


def test_it_holds_no_more_than_its_bound(clock):
    memory = FadingMemory(clock, LIFETIME_S)
    for number in range(3 * MAX_KEYS):
        memory.put(number, number)
    assert len(memory) <= MAX_KEYS
    assert memory.get(3 * MAX_KEYS - 1) == 3 * MAX_KEYS - 1
