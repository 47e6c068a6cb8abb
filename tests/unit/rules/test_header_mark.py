# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.errors import RuleFailure
from postward.rules.header_mark import LIFETIME_S, is_valid, make
from tests.unit.rules.compiling import SECRET, mail

FIELDS = ("Message-ID: <1@corp.example>", "From: Bob <bob@corp.example>", "Date: Tue, 24 Nov 2026 10:00:00 +0000")
NOW_S = 1_800_000_000.0


@pytest.fixture
def mark():
    return make("X-Gateway-Done", mail(*FIELDS).headers, SECRET, NOW_S)


def valid(value, *fields, name="X-Gateway-Done", secret=SECRET, now_s=NOW_S + 60):
    return is_valid(value, name, mail(*(fields or FIELDS)).headers, secret, now_s)


def test_a_mark_is_valid_for_its_message(mark):
    assert valid(mark)
    assert valid(f" {mark} ")
    assert valid(mark, *FIELDS, "X-Added: by the gateway")


def test_folds_do_not_matter(mark):
    assert valid(mark, FIELDS[0], "From: Bob\n <bob@corp.example>", FIELDS[2])


@pytest.mark.parametrize(
    "fields",
    [
        ("Message-ID: <2@corp.example>", *FIELDS[1:]),
        (FIELDS[0], "From: Eve <eve@corp.example>", FIELDS[2]),
        (*FIELDS[:2], "Date: Tue, 24 Nov 2026 11:00:00 +0000"),
        (*FIELDS, "From: eve@corp.example"),
        FIELDS[:2],
    ],
)
def test_it_is_good_for_no_other_message(mark, fields):
    assert not valid(mark, *fields)


def test_it_is_good_for_no_other_name_secret_or_time(mark):
    assert valid(mark, name="x-gateway-done")
    assert not valid(mark, name="X-Other")
    assert not valid(mark, secret=b"another")
    assert not valid(mark, secret=b"")
    assert valid(mark, now_s=NOW_S + LIFETIME_S - 1)
    assert not valid(mark, now_s=NOW_S + LIFETIME_S)
    assert not valid(mark, now_s=NOW_S - 3_600)


@pytest.mark.parametrize(
    "value", ["", "yes", "t=1; h=00", "t=99999999999999; h=" + "0" * 64, "t=1800000000; h=" + "0" * 64]
)
def test_what_is_no_mark_is_not_valid(value):
    assert not valid(value)


def test_without_a_secret_none_can_be_made():
    with pytest.raises(RuleFailure):
        make("X-Mark", mail(*FIELDS).headers, b"", NOW_S)
