# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.errors import TemporaryFailure
from postward.rules.needs import Need
from postward.rules.stage import Stage
from tests.unit.rules.compiling import condition_faults, finding, mail, services, when

MESSAGE = mail("From: a@b.example", mail_from="a@b.example", recipients=["team@corp.example"], now_s=1_000.0)


class Down:
    def count(self, key, *, windows, window_s, now_s):
        raise TemporaryFailure("no route to Redis")


class Recorded:
    def __init__(self, *counts):
        self.counts = counts
        self.asked = []

    def count(self, key, *, windows, window_s, now_s):
        self.asked.append((key, windows, window_s, now_s))
        return self.counts


def test_the_message_above_the_limit():
    rule = when("{rate: {key: mail_from, over: 3/1m}}")
    rates = services(MESSAGE).rates
    assert [finding(rule, MESSAGE, rates=rates).matched for _ in range(5)] == [False, False, False, True, True]
    later = replace(MESSAGE, now_s=5_000.0)
    assert not finding(rule, later, rates=rates).matched


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((21, 21, 21, 0, 0), True),
        ((1, 21, 21, 0, 21), True),
        ((21, 20, 21, 20, 20), False),
        ((99, 0, 0, 0, 0), False),
    ],
)
def test_so_many_of_the_last_windows(counts, expected):
    rates = Recorded(*counts)
    found = finding(when('{rate: {key: recipient, over: 20/1m, in: "3 of 5"}}'), MESSAGE, rates=rates)
    assert found.matched is expected
    ((key, windows, window_s, now_s),) = rates.asked
    assert (windows, window_s, now_s) == (5, 60.0, 1_000.0)
    assert key.startswith("one:")
    assert "corp" not in key


def test_others_are_counted_apart():
    rates = services(MESSAGE).rates
    rule = when("{rate: {key: [mail_from, recipient], over: 1/1h}}")
    other = mail("From: a@b.example", mail_from="a@b.example", recipients=["x@corp.example"], now_s=1_000.0)
    assert not finding(rule, MESSAGE, rates=rates).matched
    assert not finding(rule, other, rates=rates).matched
    assert finding(rule, MESSAGE, rates=rates).matched


def test_a_guard_against_floods_is_no_dam_while_the_counters_are_down():
    found = finding(when("{rate: {key: recipient, over: 0/1m}}"), MESSAGE, rates=Down())
    assert not found.matched
    assert "cannot be reached" in found.seen


def test_when_it_is_known():
    condition = when("{rate: {key: recipient, over: 20/1m}}").condition
    assert (condition.stage, condition.is_per_recipient) == (Stage.RCPT, True)
    assert condition.needs == {Need.RATE, Need.ENVELOPE}
    assert when("{rate: {key: from.domain, over: 20/1m}}").condition.stage is Stage.END


@pytest.mark.parametrize(
    ("rate", "fault"),
    [
        ("{over: 20/1m}", "rate: has no key (write {key: recipient, over: 20/1m})"),
        ("{key: recipient}", "rate: has no over (write {key: recipient, over: 20/1m})"),
        ("{key: recipiant, over: 20/1m}", "rate.key: messages cannot be counted by this (did you mean recipient?)"),
        ("{key: recipient, over: 20}", "rate.over: must be a rate (write messages and time, such as 20/1m or 100/h)"),
        ("{key: recipient, over: 20/2w}", "rate.over: must count over a second at least and a day at most"),
        (
            "{key: recipient, over: 20/1m, in: 5 of 3}",
            "rate.in: must be a share of at most 60 windows (the first number is the smaller one)",
        ),
        ("{key: recipient, over: 20/1m, in: 3}", 'rate.in: must be a share (write "3 of 5")'),
    ],
)
def test_faults(rate, fault):
    assert condition_faults(f"{{rate: {rate}}}") == [fault]
