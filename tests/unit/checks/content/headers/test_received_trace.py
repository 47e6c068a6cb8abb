# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.headers.received_trace import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.letters import found, letter


def _trace(*times, host="mx.sender.example"):
    fields = [
        f"Received: from a.example (a.example [192.0.2.1]) by {host}\n\twith ESMTP id 1; {time}\n" for time in times
    ]
    return "".join(fields) + "From: alice@sender.example\n\n"


def test_none_at_all():
    assert found(CHECK, letter("From: alice@sender.example\n\n")) == ["RECEIVED_MISSING"]


def test_time_goes_forward():
    times = ("Mon, 21 Sep 2026 16:13:20 +0200", "Mon, 21 Sep 2026 14:13:00 +0000", "Mon, 21 Sep 2026 10:12:00 -0400")
    assert found(CHECK, letter(_trace(*times))) == []


def test_time_goes_back():
    times = ("Mon, 21 Sep 2026 14:13:20 +0000", "Tue, 22 Sep 2026 14:13:20 +0000")
    assert found(CHECK, letter(_trace(*times))) == ["RECEIVED_TIME_ORDER"]


def test_a_clock_that_is_some_hours_wrong():
    times = ("Mon, 21 Sep 2026 14:13:20 +0000", "Mon, 21 Sep 2026 20:13:20 +0000")
    assert found(CHECK, letter(_trace(*times))) == []


def test_times_that_cannot_be_read():
    assert found(CHECK, letter(_trace("soon", "Tue, 22 Sep 2026 14:13:20 +0000"))) == []
    assert found(CHECK, letter(_trace("Mon, 21 Sep 2026 14:13:20 +0000", "(1)"))) == []


FORGED = _trace("Mon, 21 Sep 2026 14:13:20 +0000", host="mx1.example.com")


def test_our_host_is_said_to_have_had_it():
    assert found(CHECK, letter(FORGED)) == ["RECEIVED_FORGED_OURS"]


def test_another_host_of_a_name_that_begins_alike():
    assert found(CHECK, letter(FORGED.replace("mx1.example.com", "mx1.example.community"))) == []
    assert found(CHECK, letter(FORGED.replace("mx1.example.com", "mx1.myexample.com"))) == []


def test_what_was_with_us_and_comes_back():
    assert found(CHECK, letter("List-Id: <l.lists.example>\n" + FORGED)) == []
    assert found(CHECK, letter(FORGED.replace("alice@sender.example", "carol@example.com"))) == []
    assert found(CHECK, letter(FORGED, dmarc=DmarcResult(status=DmarcStatus.PASS))) == []
    assert found(CHECK, letter(FORGED, sender="")) == []
