# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.unit.rules.compiling import compiled, condition_faults, finding, holds, mail, when


def message(number):
    return mail(f"Message-ID: <{number}@b.example>", "From: a@b.example")


def test_the_share_is_about_right_and_the_same_for_the_same_message():
    rule = when("{sample: {percent: 25}}")
    found = [finding(rule, message(number)).matched for number in range(2_000)]
    assert 400 < sum(found) < 600
    assert found == [finding(rule, message(number)).matched for number in range(2_000)]


def test_two_rules_do_not_take_the_same_messages():
    body = "direction: any, when: {sample: {percent: 50}}, do: [{tag: x}]"
    one, two = compiled(f"rules: [{{id: one, {body}}}, {{id: two, {body}}}]").rules
    messages = [message(number) for number in range(200)]
    assert [finding(one, each).matched for each in messages] != [finding(two, each).matched for each in messages]


def test_nothing_and_everything():
    assert not any(holds("{sample: {percent: 0}}", message(number)) for number in range(50))
    assert all(holds("{sample: {percent: 100}}", message(number)) for number in range(50))
    assert holds("{sample: {percent: 100}}", mail("From: a@b.example"))


@pytest.mark.parametrize(
    ("sample", "fault"),
    [
        ("{}", "sample: has no percent (write {percent: 5})"),
        ("{percent: 101}", "sample.percent: must be from 0 to 100"),
        ("{percent: 5%}", "sample.percent: must be a number"),
    ],
)
def test_faults(sample, fault):
    assert condition_faults(f"{{sample: {sample}}}") == [fault]
