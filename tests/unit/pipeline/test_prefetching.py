# SPDX-License-Identifier: GPL-3.0-or-later
"""Look-ups ahead: what is asked for at which stage, and what is not asked twice."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.checks.origin import OriginSettings
from postward.dns.answer import Answer, Outcome
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.header import HeaderField
from postward.model.transaction import Transaction
from postward.pipeline.prefetching import Prefetching

SIGNATURE = b" v=1; a=rsa-sha256; d=example.com; s=s1;\r\n\th=from; bh=AAAA; b=BBBB"


class Names:
    """A resolver whose thread is this one, and which knows no name."""

    def __init__(self):
        self.asked = []
        self.posts = 0

    def post(self, work):
        self.posts += 1
        work()

    def prefetch(self, name, record_type, then=None):
        self.asked.append(f"{name} {record_type}")
        if then is not None:
            then(Answer(outcome=Outcome.NXDOMAIN))


@pytest.fixture
def names():
    return Names()


@pytest.fixture
def ahead(names):
    settings = OriginSettings(local_networks=(ip_network("192.0.2.128/25"),))
    return Prefetching(names, names.prefetch, settings, clock=lambda: 0.0)


def message(client="192.0.2.1", sender="a@example.com", helo="mx.example.com"):
    transaction = Transaction("1", started_s=0.0)
    transaction.connection = Connection(
        address=ip_address(client), name="", port=1, daemon_name="", daemon_addr="", mta_name=""
    )
    transaction.helo = helo
    transaction.sender = Sender(address=EnvelopeAddress(sender))
    return transaction


def test_the_client_is_asked_for_at_connect(ahead, names):
    ahead.connected(message())
    assert names.asked == ["1.2.0.192.in-addr.arpa PTR"]


def test_the_sender_and_the_greeting_are_asked_for_at_mail(ahead, names):
    ahead.sender_given(message())
    assert sorted(names.asked) == ["example.com TXT", "mx.example.com TXT"]


@pytest.mark.parametrize("client", ["192.0.2.129", "127.0.0.1", "::1"])
def test_nothing_is_asked_for_our_own(ahead, names, client):
    ahead.connected(message(client))
    ahead.sender_given(message(client))
    assert names.asked == []


def test_nothing_is_asked_for_who_has_logged_in(ahead, names):
    transaction = message()
    transaction.authentication = Authentication(user="a", mechanism="PLAIN")
    ahead.sender_given(transaction)
    assert names.asked == []


def test_keys_and_policies_are_asked_for_as_their_fields_come(ahead, names):
    transaction = message()
    for name, value in ((b"Dkim-Signature", SIGNATURE), (b"Subject", b" x"), (b"From", b" A <a@b.example>")):
        ahead.field_seen(transaction, HeaderField(name, value))
    assert names.asked == ["s1._domainkey.example.com TXT", "_dmarc.b.example TXT", "_dmarc.example TXT"]


def test_the_same_again_is_not_asked_again(ahead, names):
    for _ in range(3):
        transaction = message()
        ahead.connected(transaction)
        ahead.sender_given(transaction)
        ahead.field_seen(transaction, HeaderField(b"DKIM-Signature", SIGNATURE))
        ahead.field_seen(transaction, HeaderField(b"From", b" a@b.example"))
    assert names.posts == 5
    assert len(names.asked) == len(set(names.asked))


def test_where_a_hint_fails_every_key_is_asked_for(ahead, names):
    for value in (
        b"v=1;\r\n d=a.example;\r\n\ts=s1",
        b"d =a.example; s=s2",
        b"d\t=b.example; s=s2",
        b"d =c.example; s=s2",
    ):
        ahead.field_seen(message(), HeaderField(b"DKIM-Signature", value))
    assert len(names.asked) == 4


@pytest.mark.parametrize(
    "other", [SIGNATURE.replace(b"s=s1", b"s=s2"), SIGNATURE.replace(b"d=example.com", b"d=example.org")]
)
def test_another_key_is_asked_for(ahead, names, other):
    for value in (SIGNATURE, other):
        ahead.field_seen(message(), HeaderField(b"DKIM-Signature", value))
    assert len(names.asked) == 2


def test_a_message_with_very_many_signatures_is_bounded(ahead, names):
    transaction = message()
    for number in range(100):
        value = SIGNATURE.replace(b"s=s1", b"s=s%d" % number)
        ahead.field_seen(transaction, HeaderField(b"DKIM-Signature", value))
    assert len(names.asked) == 32


@pytest.mark.parametrize("value", [b"", b";", b"d=", b" d=a", b"@", b"\xff" * 5000, b" d=" + b"x" * 70_000])
def test_nonsense_is_nothing_to_it(ahead, value):
    for name in (b"DKIM-Signature", b"ARC-Seal", b"From"):
        ahead.field_seen(message(), HeaderField(name, value))


def test_what_is_too_long_for_a_name_is_neither_asked_for_nor_remembered(ahead, names):
    transaction = message()
    transaction.helo = f"{'a.' * 1000}example"
    transaction.sender = Sender(address=EnvelopeAddress(f"a@{'b.' * 1000}example"))
    ahead.sender_given(transaction)
    assert (names.posts, names.asked) == (0, [])
