# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.field_time import read_time


@pytest.mark.parametrize(
    ("value", "unix_s"),
    [
        (b"Mon, 21 Sep 2026 14:13:20 +0000", 1_790_000_000),
        (b"Mon, 21 Sep 2026 16:13:20 +0200 (CEST)", 1_790_000_000),
        (b"Mon, 21 Sep 2026 08:43:20 -0530", 1_790_000_000),
        (b"21 September 2026 14:13:20 GMT", 1_790_000_000),
        (b"Mon, 21 Sep 2026 10:13:20 EDT", 1_790_000_000),
        (b"Mon Sep 21 14:13:20 2026", 1_790_000_000),
        (b"Thu, 01 Jan 70 00:00:00 +0000", 0),
    ],
)
def test_reads_what_is_written(value, unix_s):
    assert read_time(value).unix_s == unix_s


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"yesterday",
        b"32 Sep 2026 10:00:00 +0000",
        b"1 Foo 2026 10:00:00 +0000",
        b"1 Sep 2026 25:00:00 +0000",
        b"\xff" * 500,
    ],
)
def test_nothing_that_could_be_read(value):
    assert read_time(value) is None


def test_a_time_without_zone_says_so():
    assert not read_time(b"Mon, 21 Sep 2026 14:13:20").has_zone
    assert read_time(b"Mon, 21 Sep 2026 14:13:20 GMT").has_zone
