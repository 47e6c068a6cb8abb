# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.header_mark import make
from tests.unit.rules.compiling import SECRET, condition_faults, finding, holds, mail, when

MESSAGE = mail("X-Class: Secret", "X-Class: Public", "List-Id: <l.example>", "From: a@b.example", "X-Empty:")


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ("{name: X-Class, in: [Secret]}", True),
        ("{name: x-class, equals: secret}", True),
        ("{name: X-Class, contains: ubli}", True),
        ("{name: X-Class, count: 2}", True),
        ("{name: X-Class, count: {gt: 2}}", False),
        ("{name: X-Class, count: {ge: 2}, equals: secret}", True),
        ("{name: X-Other, count: 0}", True),
        ("{name: List-Id, exists: true}", True),
        ("{name: List-Post, exists: true}", False),
        ("{name: List-Post, exists: false}", True),
        ("{name: X-Empty, exists: true}", True),
        ("{name: X-Empty, empty: true}", True),
        ("{name: X-Class, hmac_valid: true}", False),
        ("{name: X-Class, hmac_valid: false}", True),
    ],
)
def test_fields(tests, expected):
    assert holds(f"{{header: {tests}}}", MESSAGE) is expected


def test_a_mark_of_ours_and_one_that_the_sender_has_made_up():
    fields = ("Message-ID: <1@b.example>", "From: a@b.example", "Date: today")
    mark = make("X-Done", mail(*fields).headers, SECRET, 1_000.0)
    condition = "{header: {name: X-Done, hmac_valid: true}}"
    assert holds(condition, mail(*fields, f"X-Done: {mark}", now_s=2_000.0))
    assert holds(condition, mail(*fields, "X-Done: forged", f"X-Done: {mark}", now_s=2_000.0))
    assert not holds(condition, mail(*fields, "X-Done: t=1000; h=" + "0" * 64, now_s=2_000.0))
    assert not holds(condition, mail(*fields, f"X-Done: {mark}", now_s=2_000.0), secret=b"")


def test_captures_of_a_field():
    rule = when(r"{header: {name: X-Class, matches: '(?P<level>P\w+)'}}")
    assert finding(rule, MESSAGE).captures == {"level": "Public"}


@pytest.mark.parametrize(
    ("tests", "fault"),
    [
        ("{equals: x}", "header: has no name (write {name: X-Field, equals: value})"),
        ("{name: X-A}", "header: asks nothing of the field (write exists: true where it only has to be there)"),
        ("{name: 'X A', exists: true}", "header.name: is no name of a header field (write it without the colon)"),
        ("{name: 'X-A:', exists: true}", "header.name: is no name of a header field (write it without the colon)"),
        ("{name: X-A, exist: true}", "header.exist: unknown key (did you mean exists?)"),
        ("X-A", "header: must be a mapping of keys to values (indent its keys below it)"),
    ],
)
def test_faults(tests, fault):
    assert condition_faults(f"{{header: {tests}}}")[0] == fault
