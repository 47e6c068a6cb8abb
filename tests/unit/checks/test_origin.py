# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.checks.origin import OriginSettings, find_origin
from postward.checks.pass_mark import PassMark
from postward.model.connection import Authentication, Connection
from postward.model.header import HeaderField
from postward.model.origin import Direction
from postward.model.transaction import Transaction

SETTINGS = OriginSettings(
    local_networks=(ip_network("10.0.0.0/8"),),
    trusted_relays=(ip_network("192.0.2.0/28"), ip_network("2001:db8:1::/48")),
)


def message(address, *, daemon="smtpd", user="", fields=()):
    transaction = Transaction("t", started_s=0)
    transaction.connection = Connection(address=ip_address(address) if address else None, daemon_name=daemon)
    transaction.helo = "helo.example"
    transaction.authentication = Authentication(user=user)
    transaction.fields.extend(HeaderField(name, value) for name, value in fields)
    return transaction


@pytest.mark.parametrize(
    ("given", "direction"),
    [
        (message("198.51.100.1"), Direction.INBOUND),
        (message("10.1.2.3"), Direction.OUTBOUND),
        (message("::ffff:10.1.2.3"), Direction.OUTBOUND),
        (message("198.51.100.1", user="joe"), Direction.OUTBOUND),
        (message("198.51.100.1", daemon="ORIGINATING"), Direction.OUTBOUND),
        (message("127.0.0.1"), Direction.LOOPBACK),
        (message("::1"), Direction.LOOPBACK),
        (message(None), Direction.LOOPBACK),
    ],
)
def test_direction(given, direction):
    assert find_origin(given, SETTINGS, None).direction is direction


def test_authentication_counts_only_where_it_shall():
    settings = OriginSettings(authenticated_is_outbound=False)
    assert find_origin(message("198.51.100.1", user="joe"), settings, None).direction is Direction.INBOUND


def test_loopback_is_local_where_the_operator_says_so():
    settings = OriginSettings(local_networks=(ip_network("127.0.0.0/8"),))
    assert find_origin(message("127.0.0.1"), settings, None).direction is Direction.OUTBOUND


def test_judges_the_first_client_outside_the_trusted_relays():
    fields = [
        (b"Received", b" from mx3.example (mx3.example [192.0.2.3]) by mx2.example"),
        (b"Received", b" from out.example.org (out.example.org [198.51.100.9]) by mx3.example"),
        (b"Received", b" from forged (trusted.example [203.0.113.1]) by out.example.org"),
    ]
    origin = find_origin(message("192.0.2.2", fields=fields), SETTINGS, None)
    assert (origin.direction, origin.client, origin.helo) == (
        Direction.INBOUND, ip_address("198.51.100.9"), "out.example.org",
    )  # fmt: skip
    assert origin.relayed_by == ip_address("192.0.2.2")


@pytest.mark.parametrize("relay", ["10.9.9.9", "127.0.0.1"])
def test_mail_of_others_is_judged_where_the_relay_is_one_of_our_own(relay):
    settings = OriginSettings(
        local_networks=(ip_network("10.0.0.0/8"),),
        trusted_relays=(ip_network("10.9.9.9/32"), ip_network("127.0.0.0/8")),
    )
    fields = [(b"Received", b" from out.example.org (out.example.org [198.51.100.9]) by mx2.example")]
    origin = find_origin(message(relay, fields=fields), settings, None)
    assert (origin.direction, origin.client) == (Direction.INBOUND, ip_address("198.51.100.9"))


def test_no_client_is_judged_where_the_relay_does_not_name_one():
    origin = find_origin(message("192.0.2.2", fields=[(b"Received", b" by mx2 with local")]), SETTINGS, None)
    assert (origin.direction, origin.client) == (Direction.INBOUND, None)


def test_received_fields_of_others_prove_nothing():
    fields = [(b"Received", b" from x (x [10.0.0.1]) by y")]
    assert find_origin(message("198.51.100.1", fields=fields), SETTINGS, None).client == ip_address("198.51.100.1")


class TestReinjection:
    results = b" mx.example; spf=pass smtp.mailfrom=a.example"

    def marked(self, address, *, secret=b"k" * 32, results=results):
        transaction = message(address, fields=[(b"Message-ID", b" <1@a.example>")])
        field = PassMark(secret, clock=lambda: 1000.0).issue(self.results, transaction.headers)
        return message(
            address,
            fields=[
                (b"Authentication-Results", results),
                (b"Message-ID", b" <1@a.example>"),
                (field.name.encode(), b" " + field.value),
            ],
        )

    def direction(self, transaction, *, now=2000.0):
        return find_origin(transaction, SETTINGS, PassMark(b"k" * 32, clock=lambda: now)).direction

    def test_our_mark_from_this_host_is_recognised(self):
        assert self.direction(self.marked("127.0.0.1")) is Direction.REINJECTED

    def test_refolded_results_are_recognised(self):
        refolded = self.marked("127.0.0.1", results=self.results.replace(b"; ", b";\r\n\t"))
        assert self.direction(refolded) is Direction.REINJECTED

    def test_a_clock_that_was_set_back_a_little_has_nothing_judged_twice(self):
        assert self.direction(self.marked("127.0.0.1"), now=990.0) is Direction.REINJECTED
        assert self.direction(self.marked("127.0.0.1"), now=600.0) is Direction.LOOPBACK

    def test_our_mark_from_outside_means_nothing(self):
        assert self.direction(self.marked("198.51.100.1")) is Direction.INBOUND

    def test_a_mark_with_another_secret_means_nothing(self):
        assert self.direction(self.marked("127.0.0.1", secret=b"x" * 32)) is Direction.LOOPBACK

    def test_a_mark_on_other_results_means_nothing(self):
        assert self.direction(self.marked("127.0.0.1", results=b" mx.example; dkim=pass")) is Direction.LOOPBACK

    def test_an_old_mark_means_nothing(self):
        assert self.direction(self.marked("127.0.0.1"), now=1000.0 + 6 * 86_400) is Direction.LOOPBACK
