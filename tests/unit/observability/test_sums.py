# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.observability.delta import Observations
from postward.observability.families import MESSAGES, RELOAD_SUCCESS, SCORE, SESSIONS, SYMBOL_HITS
from postward.observability.sums import Sums


def numbers(sums, family, now_s=0.0):
    return dict(sums.numbers(family.name, now_s))


def test_counters_of_all_processes_are_added():
    sums = Sums()
    sums.add("1", {(MESSAGES.name, ("accept",)): 2}, 0.0)
    sums.add("2", {(MESSAGES.name, ("accept",)): 3, (MESSAGES.name, ("junk",)): 1}, 0.0)
    assert numbers(sums, MESSAGES, 1e9) == {("accept",): 5, ("junk",): 1}


def test_histograms_are_added_bucket_by_bucket():
    sums = Sums()
    zeros = [0] * (len(SCORE.buckets) - 1)
    for total in (1.0, 2.5):
        sums.add("1", {(SCORE.name, ()): Observations(counts=(1, *zeros, 2), total=total)}, 0.0)
    ((labels, observations),) = sums.histograms(SCORE.name)
    assert labels == ()
    assert observations == Observations(counts=(2, *zeros, 4), total=3.5)


def test_open_sessions_of_a_process_that_is_silent_are_gone():
    sums = Sums()
    sums.add("1", {(SESSIONS.name, ()): 4}, 0.0)
    sums.add("2", {(SESSIONS.name, ()): 3}, 10.0)
    assert numbers(sums, SESSIONS, 14.0) == {(): 7}
    assert numbers(sums, SESSIONS, 16.0) == {(): 3}
    sums.add("2", {(SESSIONS.name, ()): 1}, 20.0)
    assert numbers(sums, SESSIONS, 20.0) == {(): 1}


def test_of_other_gauges_the_highest_value_stands_whoever_goes_on_reporting():
    sums = Sums()
    for now_s, (sender, loaded_s) in enumerate([("1", 100.0), ("2", 200.0), ("1", 100.0)]):
        sums.add(sender, {(RELOAD_SUCCESS.name, ()): loaded_s}, now_s)
    assert numbers(sums, RELOAD_SUCCESS, 1e9) == {(): 200.0}


def test_a_clock_that_was_set_back_keeps_no_sessions_of_the_gone():
    sums = Sums()
    sums.add("1", {(SESSIONS.name, ()): 4}, 5000.0)
    sums.add("2", {(SESSIONS.name, ()): 3}, 1400.0)
    assert numbers(sums, SESSIONS, 1400.0) == {(): 3}


def test_after_a_clock_was_set_back_an_earlier_time_stands_for_a_later_one():
    sums = Sums()
    sums.add("1", {(RELOAD_SUCCESS.name, ()): 5000.0}, 5000.0)
    sums.add("1", {(RELOAD_SUCCESS.name, ()): 1400.0}, 1400.0)
    assert numbers(sums, RELOAD_SUCCESS, 1401.0) == {(): 1400.0}


def test_series_beyond_the_bound_count_as_other():
    sums = Sums()
    for number in range(5000):
        sums.add("1", {(SYMBOL_HITS.name, (f"S{number}",)): 1}, 0.0)
    sums.add("1", {(SYMBOL_HITS.name, ("S1",)): 1}, 0.0)
    counted = numbers(sums, SYMBOL_HITS)
    assert len(counted) <= 4097
    assert sum(counted.values()) == 5001
    assert counted[("S1",)] == 2
    assert counted[("other",)] == 5000 - 4096
