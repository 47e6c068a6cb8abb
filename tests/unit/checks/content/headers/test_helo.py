# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.helo import CHECK
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from tests.unit.checks.content.letters import found, letter

ZONE = {
    "mail.sender.example": [{"A": "198.51.100.7"}],
    "six.sender.example": [{"AAAA": "2001:db8::7"}],
    "text.sender.example": [{"TXT": "x"}],
    "slow.sender.example": ["TIMEOUT"],
    "mx1.example.com": [{"A": "203.0.113.9"}],
    "out.example.com": [{"A": "198.51.100.7"}],
}


@pytest.mark.parametrize(
    ("helo", "names"),
    [
        ("mail.sender.example", []),
        ("MAIL.sender.example.", []),
        ("six.sender.example", []),
        ("[198.51.100.7]", []),
        ("[10.1.2.3]", []),
        ("slow.sender.example", []),
        ("out.example.com", []),
        ("", []),
        ("198.51.100.7", ["HELO_IS_ADDRESS"]),
        ("2001:db8::9", ["HELO_IS_ADDRESS"]),
        ("[203.0.113.200]", []),
        ("[8.8.8.8]", ["HELO_OTHER_ADDRESS"]),
        ("[nonsense]", ["HELO_NO_NAME"]),
        ("WIN-4F0K2", ["HELO_NO_NAME"]),
        ("user pc.sender.example", ["HELO_NO_NAME"]),
        ("gone.sender.example", ["HELO_UNRESOLVED"]),
        ("text.sender.example", ["HELO_UNRESOLVED"]),
        ("mx1.example.com", ["HELO_OURS"]),
        ("example.com", ["HELO_OURS"]),
    ],
)
def test_helo(helo, names):
    zone = ZONE | {"example.com": [{"A": "203.0.113.9"}]}
    assert found(CHECK, letter("Subject: x\n\n", helo=helo, zone=zone)) == names


def test_what_earlier_checks_have_confirmed_is_not_asked_for():
    iprev = IprevResult(status=IprevStatus.PASS, name="gone.sender.example")
    assert found(CHECK, letter("\n", helo="gone.sender.example", iprev=iprev)) == []
    spf = SpfResult(status=SpfStatus.PASS, scope=SpfScope.HELO, domain="gone.sender.example", identity="")
    assert found(CHECK, letter("\n", helo="gone.sender.example", spf_helo=spf)) == []


def test_a_service_that_sends_for_us():
    spf = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="example.com", identity="")
    message = letter("\n", helo="mx1.example.com", zone=ZONE, sender="news@example.com", spf=spf)
    assert found(CHECK, message) == []


def test_no_client_is_judged_where_none_is_known():
    assert found(CHECK, letter("\n", ip=None, helo="gone.sender.example")) == []


def test_a_device_of_ours_greets_with_what_it_has():
    text = "From: scanner@example.com\n\n"
    ours = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="example.com", identity="scanner@example.com")
    for helo in ("192.168.1.20", "KMBT00C0EE"):
        assert found(CHECK, letter(text, helo=helo, sender="scanner@example.com", spf=ours)) == []
    assert found(CHECK, letter(text, helo="KMBT00C0EE", sender="scanner@example.com")) == ["HELO_NO_NAME"]
