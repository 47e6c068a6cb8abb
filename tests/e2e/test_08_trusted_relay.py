# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that a trusted relay passes on is judged by the client that the relay recorded."""

from __future__ import annotations

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.smtp import Client

RELAY = Client(address="198.51.100.77", name="mx2.example.net", helo="mx2.example.net")
AUTHOR = "Shop <orders@shop.example>"


@pytest.fixture(scope="module")
def relayed_host():
    with MailHost(settings={"origin": {"trusted_relays": ["198.51.100.77/32"]}}) as running:
        yield running


def _received(name, address):
    return (
        f"Received: from {name} ({name} [{address}])\r\n"
        "\tby mx2.example.net (Postfix) with ESMTP id 4ABC\r\n"
        "\tfor <you@example.net>; Tue, 24 Nov 2026 04:00:00 +0000 (UTC)"
    )


def _letter(*received):
    content = compose(*received, subject="relayed", author=AUTHOR)
    return Letter(content=content, mail_from="orders@shop.example", client=RELAY)


def test_recorded_client_passes_spf(relayed_host):
    delivered = Delivered(relayed_host.deliver(_letter(_received("mail.shop.example", "192.0.2.20"))))
    assert delivered.results("spf") == ["pass"]
    assert delivered.results("iprev") == ["pass"]
    assert not delivered.is_junk


def test_recorded_stranger_fails_spf(relayed_host):
    delivered = Delivered(relayed_host.deliver(_letter(_received("host99.bulk.example", "203.0.113.99"))))
    assert delivered.results("spf") == ["fail"]


def test_fields_below_the_first_outside_client_prove_nothing(relayed_host):
    honest, forged = _received("host99.bulk.example", "203.0.113.99"), _received("mail.shop.example", "192.0.2.20")
    assert Delivered(relayed_host.deliver(_letter(honest, forged))).results("spf") == ["fail"]


def test_same_client_is_judged_itself_where_it_is_not_trusted(host):
    delivered = Delivered(host.deliver(_letter(_received("mail.shop.example", "192.0.2.20"))))
    assert delivered.results("spf") == ["fail"]
