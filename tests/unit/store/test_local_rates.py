# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

from postward.store.local_rates import LocalRates


def count(rates, key="x", *, windows=3, window_s=60, now_s=0.0):
    return rates.count(key, windows=windows, window_s=window_s, now_s=now_s)


def test_windows_come_the_latest_first_and_those_before_are_forgotten():
    rates = LocalRates()
    for now_s in (0, 0, 61, 130, 130, 130):
        found = count(rates, now_s=now_s)
    assert found == (3, 1, 2)
    assert count(rates, now_s=185) == (1, 3, 1)
    assert count(rates, now_s=10_000) == (1, 0, 0)


def test_every_key_window_and_number_of_windows_has_a_counter_of_its_own():
    rates = LocalRates()
    for key, windows, window_s in itertools.product(("a", "b", "\udcff", "a" * 100_000), (1, 2), (60, 0.5)):
        assert count(rates, key, windows=windows, window_s=window_s)[0] == 1


def test_a_clock_that_goes_back_costs_no_more_than_the_windows():
    rates = LocalRates()
    for now_s in range(10_000, 0, -60):
        found = count(rates, now_s=now_s)
    assert found == (1, 0, 0)


def test_the_counters_that_have_not_counted_for_longest_go_first():
    rates = LocalRates(most=3)
    for key in ("a", "b", "c", "a", "d"):
        count(rates, key)
    assert len(rates) == 3
    assert count(rates, "a") == (3, 0, 0)
    assert count(rates, "b") == (1, 0, 0)


def test_no_event_of_50_threads_is_lost():
    rates = LocalRates()
    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda _: count(rates)[0], range(5_000)))
    assert sorted(found) == list(range(1, 5_001))
