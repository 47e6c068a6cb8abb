# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever has many networks does not begin anew in each of them."""

from __future__ import annotations

import pytest

from postward.model.identity import IdentityKind
from tests.unit.pipeline.reputation_host import Host, Mail, authentic


@pytest.fixture
def host():
    return Host()


def spam_of_a_site(host, count=400):
    """Each message from a /64 of its own in one /48."""
    for number in range(count):
        host.take(Mail(client=f"2001:db8:7:{number:x}::1", score=12))


def test_a_new_network_of_a_site_that_sent_spam_by_others_costs_points(host):
    spam_of_a_site(host)
    mail = host.ask(Mail(client="2001:db8:7:ffff::1"))
    assert mail.points["REPUTATION_BAD"] > 0.3
    assert "this network" in mail.reputation.reason
    assert host.ask(Mail(client="2001:db8:8:ffff::1")).points == {}


def test_a_neighbour_who_sends_good_mail_himself_is_not_hurt(host):
    spam_of_a_site(host)
    host.many(60, lambda: Mail(client="2001:db8:7:ffff::1"))
    assert "REPUTATION_BAD" not in host.ask(Mail(client="2001:db8:7:ffff::1")).points


def test_what_is_told_of_a_network_is_that_of_the_narrowest(host):
    spam_of_a_site(host)
    host.many(60, lambda: authentic("good.example", client="2001:db8:7:ffff::1"))
    estimates = host.ask(Mail(client="2001:db8:7:ffff::2")).reputation.estimates
    assert str(estimates[IdentityKind.NETWORK].identity) == "net:2001:db8:7:ffff::/64"
