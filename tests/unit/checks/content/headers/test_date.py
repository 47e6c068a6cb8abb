# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.date import CHECK
from tests.unit.checks.content.letters import NOW_S, found, letter

_DAY_S = 86_400
NOW = "Mon, 21 Sep 2026 14:13:20 +0000"


@pytest.mark.parametrize(
    ("date", "names"),
    [
        ("Mon, 21 Sep 2026 16:13:20 +0200", []),
        ("21 Sep 26 14:13 GMT", []),
        ("Mon Sep 21 14:13:20 2026", []),
        # The clock of a laptop that has crossed a time zone.
        ("Tue, 22 Sep 2026 03:00:00 +0000", []),
        ("Wed, 23 Sep 2026 14:13:20 +0000", ["DATE_IN_FUTURE"]),
        ("Tue, 01 Jan 2030 00:00:00 +0000", ["DATE_IN_FUTURE"]),
        ("Sun, 13 Sep 2026 14:13:20 +0000", ["DATE_IN_PAST"]),
        ("Wed, 16 Sep 2026 14:13:20 +0000", []),
        ("Mon, 21 Sep 2026 14:13:20 -1600", ["DATE_ZONE_IMPOSSIBLE"]),
        ("Mon, 21 Sep 2026 14:13:20 +1300", []),
        ("Mon, 21 Sep 2026 14:13:20 +0575", ["DATE_ZONE_IMPOSSIBLE"]),
        ("today", ["DATE_UNREADABLE"]),
        ("Mon, 31 Feb 2026 14:13:20 +0000", ["DATE_UNREADABLE"]),
        ("", ["DATE_MISSING"]),
    ],
)
def test_date(date, names):
    assert found(CHECK, letter(f"Date: {date}\n\n")) == names


def test_no_field():
    assert found(CHECK, letter("Subject: Hello\n\n")) == ["DATE_MISSING"]


def test_what_has_lain_in_a_queue_is_not_old():
    text = """
    Received: from a.sender.example by b.sender.example; Sun, 13 Sep 2026 15:00:00 +0000
    Date: Sun, 13 Sep 2026 14:13:20 +0000

    """
    assert found(CHECK, letter(text)) == []


def test_says_how_many_days():
    (finding,) = CHECK.find(letter(f"Date: {NOW}\n\n", now_s=NOW_S + 30.5 * _DAY_S))
    assert (finding.name, finding.detail) == ("DATE_IN_PAST", "30 days ago")


def test_an_old_message_that_somebody_sends_on():
    old = "Date: Mon, 3 Aug 2026 10:00:00 +0200\n"
    assert found(CHECK, letter(f"Resent-Date: {NOW}\n{old}\n")) == []
    assert found(CHECK, letter(f"Resent-Date: Mon, 3 Aug 2026 10:01:00 +0200\n{old}\n")) == ["DATE_IN_PAST"]
