# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists are asked while a message is coming in."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.checks.list_subjects import SubjectSettings
from postward.checks.origin import OriginSettings
from postward.dns.answer import Answer, Outcome
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.header import HeaderField
from postward.model.transaction import Transaction
from postward.pipeline.list_prefetching import ListPrefetching
from postward.pipeline.prefetching import Prefetching
from tests.unit.checks.content.letters import suffixes
from tests.unit.dns_lists.lists import lists

SETTINGS = SubjectSettings(
    exempt_networks=(ip_network("198.51.100.0/24"),), exempt_domains=frozenset({"friend.example"})
)


class Resolver:
    """Its thread is this one, and it knows no name."""

    def post(self, work):
        work()

    def prefetch(self, name, record_type, then=None):
        if then is not None:
            then(Answer(outcome=Outcome.NXDOMAIN))


@pytest.fixture
def asked():
    return []


@pytest.fixture
def ahead(asked):
    every, asking = lists({})
    asking.ahead = asked
    resolver = Resolver()
    return Prefetching(
        resolver,
        resolver.prefetch,
        OriginSettings(local_networks=(ip_network("192.0.2.128/25"),)),
        lists=ListPrefetching(every, SETTINGS, suffixes),
        clock=lambda: 0.0,
    )


def message(client="192.0.2.1", *, sender="a@sender.example", helo="mx.helo.example", user=""):
    transaction = Transaction("1", started_s=0.0)
    transaction.connection = Connection(address=ip_address(client))
    transaction.helo = helo
    transaction.sender = Sender(address=EnvelopeAddress(sender))
    transaction.authentication = Authentication(user=user)
    return transaction


def test_the_client_is_asked_about_at_connect_and_once(ahead, asked):
    for _ in range(3):
        ahead.connected(message())
    assert asked == ["1.2.0.192.bl.example"]


def test_sender_and_greeting_are_asked_about_at_mail(ahead, asked):
    for _ in range(3):
        ahead.sender_given(message())
    assert asked == ["sender.example.dbl.example", "helo.example.dbl.example"]


def test_the_signer_is_asked_about_as_its_field_comes(ahead, asked):
    value = b" v=1; a=rsa-sha256; d=signer.example; s=s1; h=from; bh=AAAA; b=BBBB"
    ahead.field_seen(message(), HeaderField(b"DKIM-Signature", value))
    assert asked == ["signer.example.dbl.example"]


def test_nobody_asks_about_our_own_and_about_who_has_logged_in(ahead, asked):
    for transaction in (message("192.0.2.129"), message("127.0.0.1")):
        ahead.connected(transaction)
        ahead.sender_given(transaction)
    ahead.sender_given(message(user="alice"))
    assert asked == []


def test_nobody_asks_about_what_is_exempt_or_private(ahead, asked):
    for client in ("198.51.100.7", "10.0.0.1"):
        ahead.connected(message(client))
    ahead.sender_given(message(sender="a@mail.friend.example", helo="[192.0.2.1]"))
    assert asked == []
