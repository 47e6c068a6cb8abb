# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of a message DNS lists are asked about, and whom they never judge."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.checks.content.letter import ContentBounds
from postward.checks.dns_lists import DnsListsCheck
from postward.checks.list_subjects import SubjectSettings
from postward.model.connection import Authentication, Connection
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.origin import Direction, Origin
from tests.unit.checks.content.letters import letter, suffixes
from tests.unit.dns_lists.lists import lists

LISTED = {
    "7.2.0.192.bl.example": {"A": "127.0.0.2"},
    "9.2.0.192.bl.example": {"A": "127.0.0.10"},
    "8.113.0.203.bl.example": {"A": "127.0.0.2"},
    "9.113.0.203.bl.example": {"A": "127.0.0.10"},
    "evil.example.dbl.example": {"A": "127.0.1.2"},
}
PLAIN = "From: a@good.example\n\nHello\n"
FORWARDED = """\
Received: from relay.example (relay.example [203.0.113.8]) by forwarder.example; Mon, 21 Sep 2026 14:13:20 +0000
Received: from home.example (home.example [203.0.113.9]) by relay.example; Mon, 21 Sep 2026 14:13:19 +0000
From: a@good.example

Hello
"""


class Judged:
    """One message, and what the lists made of it."""

    def __init__(self, text=PLAIN, *, user="", connection=None, origin=None, bounds=None, settings=None, **message):
        message = {"ip": "192.0.2.1", "helo": "mx.good.example", "sender": "a@good.example", **message}
        self.letter = letter(text, **message)
        self.examination = self.letter._examination
        self.transaction = self.examination.transaction
        self.transaction.authentication = Authentication(user=user)
        if connection is not None:
            self.transaction.connection = Connection(address=ip_address(connection))
        if origin is not None:
            self.transaction.origin = origin
        every, self.asking = lists(LISTED, **(bounds or {}))
        self.check = DnsListsCheck(every, settings or SubjectSettings(), suffixes, ContentBounds())
        self.check.begin(self.examination)
        self.check.run(self.examination)

    @property
    def found(self):
        return [finding.name for finding in self.transaction.facts.findings["dns_lists"]]


def test_the_client_and_the_domains_of_a_message_are_asked_about():
    signed = (
        DkimResult(status=DkimStatus.PASS, domain="signer.example", selector="s"),
        DkimResult(status=DkimStatus.FAIL, domain="forged.example", selector="s"),
    )
    judged = Judged("From: a@b.example\n\nhttp://www.link.example/x and http://other.example/\n", dkim=signed)
    assert judged.asking.asked == [
        "1.2.0.192.bl.example", "good.example.dbl.example", "signer.example.dbl.example", "link.example.dbl.example",
        "other.example.dbl.example",
    ]  # fmt: skip
    assert judged.found == []
    assert judged.check.results(judged.transaction.facts) == {"dns_lists": "pass"}


@pytest.mark.parametrize(
    "message",
    [
        {"helo": "mail.evil.example"},
        {"sender": "x@evil.example"},
        {"text": "From: a@b.example\n\nSee http://www.evil.example/\n"},
        {"dkim": (DkimResult(status=DkimStatus.PASS, domain="evil.example", selector="s"),)},
    ],
)
def test_a_listed_domain_counts_wherever_it_stands(message):
    judged = Judged(**message)
    assert judged.found == ["BAD_DOMAIN"]
    assert judged.check.results(judged.transaction.facts) == {"dns_lists": "fail"}


def test_links_are_asked_about_before_anything_is_waited_for():
    judged = Judged("From: a@b.example\n\nhttp://www.link.example/\n")
    assert judged.asking.ahead == ["link.example.dbl.example"]


def test_whoever_has_logged_in_is_not_judged():
    judged = Judged(ip="192.0.2.9", user="alice", helo="mail.evil.example")
    assert judged.found == []
    assert judged.asking.asked == []
    assert Judged(ip="192.0.2.9").found == ["HOME"]


@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.REINJECTED, Direction.LOOPBACK])
def test_our_own_mail_is_not_judged(direction):
    check = Judged().check
    assert not check.applies(Origin(direction=direction, reason="", client=None, helo=""))
    assert check.applies(Origin(direction=Direction.INBOUND, reason="", client=None, helo=""))


def test_a_policy_is_not_held_against_whom_a_relay_has_recorded():
    """It may have taken the message from somebody at home who has logged in there."""
    origin = Origin(
        direction=Direction.INBOUND,
        reason="",
        client=ip_address("192.0.2.9"),
        helo="",
        relayed_by=ip_address("198.51.100.1"),
    )
    assert Judged(origin=origin).found == []


def test_received_fields_are_believed_as_far_as_those_who_wrote_them_are():
    forwarder = "198.51.100.1"
    for believed, found in (
        ((), []),
        ((forwarder,), ["PASSED_SPAMMER"]),
        # What counts for policies does not count further up.
        ((forwarder, "203.0.113.8"), []),
    ):
        settings = SubjectSettings(received=True, believed=tuple(ip_network(each) for each in believed))
        judged = Judged(FORWARDED, ip=forwarder, connection=forwarder, settings=settings)
        assert judged.found == found
    assert "9.113.0.203.bl.example" in judged.asking.asked


def test_received_fields_are_not_asked_about_unless_that_is_switched_on():
    settings = SubjectSettings(believed=(ip_network("198.51.100.1"),))
    assert Judged(FORWARDED, ip="198.51.100.1", connection="198.51.100.1", settings=settings).found == []


def test_exempt_networks_and_domains_are_not_asked_about():
    settings = SubjectSettings(
        exempt_networks=(ip_network("192.0.2.0/24"),), exempt_domains=frozenset({"evil.example", "good.example"})
    )
    assert Judged(ip="192.0.2.7", helo="mail.evil.example", settings=settings).asking.asked == []


def test_of_many_links_those_at_both_ends_are_asked_about():
    text = "From: a@b.example\n\n" + "\n".join(f"http://d{number:02}.example/" for number in range(30))
    asked = Judged(text, settings=SubjectSettings(link_domains=4)).asking.asked
    assert [name.partition(".")[0] for name in asked if name.startswith("d")] == ["d00", "d01", "d28", "d29"]


def test_what_could_not_be_asked_is_said():
    judged = Judged(ip="192.0.2.66")
    assert judged.transaction.facts.not_checked == {}
    judged.check.give_up(judged.transaction, "the deadline has passed")
    assert judged.transaction.facts.not_checked == {"dns_lists": "the deadline has passed"}
