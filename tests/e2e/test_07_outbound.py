# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail of our own users is not judged by inbound checks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.smtp import Client


@pytest.fixture(scope="module")
def local_host():
    settings = {"origin": {"local_networks": ["192.0.2.128/25"]}, "output": {"outbound_results": "auth"}}
    with MailHost(settings=settings) as running:
        yield running


def _own_mail(client):
    content = compose(subject="from our own user", author="Somebody <somebody@bank.example>")
    return Letter(content=content, mail_from="somebody@bank.example", client=client)


def _assert_not_judged(delivered):
    assert not any(word in value for value in delivered.fields("Authentication-Results") for word in ("spf=", "dmarc="))
    assert "YES" not in delivered.fields("X-Spam-Flag")


def test_submission_service_is_outbound(host):
    delivered = Delivered(host.deliver(_own_mail(host.world.stranger), service="submission"))
    _assert_not_judged(delivered)


def test_authenticated_client_is_outbound(host):
    client = replace(host.world.stranger, login="alice")
    _assert_not_judged(Delivered(host.deliver(_own_mail(client))))


def test_that_a_client_has_authenticated_is_told_on_demand_and_never_as_whom(local_host):
    client = replace(local_host.world.stranger, login="alice")
    delivered = Delivered(local_host.deliver(_own_mail(client)))
    assert delivered.results("auth") == ["pass"]
    assert "alice" not in delivered.own_results


def test_local_network_is_outbound(local_host):
    client = Client(address="192.0.2.200", name="desk.example.net", helo="desk.example.net")
    _assert_not_judged(Delivered(local_host.deliver(_own_mail(client))))


def test_neighbour_of_a_local_network_is_judged(local_host):
    client = Client(address="192.0.2.100", name="[UNAVAILABLE]", helo="desk.example.net")
    assert Delivered(local_host.deliver(_own_mail(client))).is_junk


def test_loopback_alone_is_no_origin(host):
    """Mail from 127.0.0.1 is neither judged by its address nor trusted."""
    letter = replace(_own_mail(host.world.stranger), client=None)
    delivered = Delivered(host.deliver(letter))
    assert not any("spf=" in value or "auth=" in value for value in delivered.fields("Authentication-Results"))


def test_outbound_mail_keeps_its_octets(host):
    letter = _own_mail(host.world.stranger)
    assert Delivered(host.deliver(letter, service="submission")).ends_with(letter.content)
