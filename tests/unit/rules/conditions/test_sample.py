from __future__ import annotations

import pytest

from tests.unit.rules.compiling import condition_faults, finding, holds, mail, rule_of, when


def message(number):
    return mail(f"Message-ID: <{number}@b.example>", "From: a@b.example")


def test_the_share_is_about_right_and_the_same_for_the_same_message():
    rule = when("{sample: {percent: 25}}")
    found = [finding(rule, message(number)).matched for number in range(2_000)]
    assert 400 < sum(found) < 600
    assert found == [finding(rule, message(number)).matched for number in range(2_000)]


def test_two_rules_do_not_take_the_same_messages():
    other = rule_of("direction: any\nwhen: {sample: {percent: 25}}\ndo: [{tag: x}]".replace("any", "any")).condition
    third = when("{sample: {percent: 25}}")
    assert other.keys() is None
    assert finding(third, message(1)) == finding(third, message(1))


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
