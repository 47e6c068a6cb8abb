# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.authn.spf import SpfSettings
from postward.checks.examination import Examination
from postward.checks.spf import SpfCheck
from postward.dns.zone import ZoneLookup
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction

ZONE = {"a.example": [{"TXT": "v=spf1 +all"}], "h.example": [{"TXT": "v=spf1 -all"}]}


def results(mail_from, helo_name, **options):
    transaction = Transaction("t", started_s=0)
    transaction.sender = Sender(address=EnvelopeAddress(mail_from))
    client = ip_address("192.0.2.1")
    transaction.origin = Origin(direction=Direction.INBOUND, reason="", client=client, helo=helo_name)
    check = SpfCheck(SpfSettings(), **options)
    check.run(Examination(transaction, ZoneLookup(ZONE), 0))
    return dict(check.results(transaction.facts))


@pytest.mark.parametrize(
    ("mail_from", "helo", "expected"),
    [
        ("u@a.example", "h.example", {"spf": "pass", "spf_helo": "fail"}),
        ("u@a.example", "", {"spf": "pass"}),
        ("", "h.example", {"spf": "fail"}),
    ],
)
def test_each_identity_there_is_has_a_result(mail_from, helo, expected):
    assert results(mail_from, helo) == expected


def test_helo_may_be_left_out():
    assert results("u@a.example", "h.example", helo=False) == {"spf": "pass"}
