# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

from postward.scanners.envelope_fields import envelope_fields
from tests.unit.scanners.messages import message


def lines(**known):
    return envelope_fields(message(**known)).decode("ascii").split("\r\n")


def test_the_client_stands_where_an_mta_would_write_it():
    assert lines() == [
        "X-Envelope-From: <alice@bank.example>",
        "Received: from mail.bank.example (mail.bank.example [192.0.2.10])",
        "\tby mx.example.net (Postfix) with ESMTP",
        "\tid 4ABCDE; Fri, 15 Jan 2027 08:00:00 -0000",
        "",
    ]


def test_addresses_of_ipv6_and_clients_without_a_name():
    known = {"client": ip_address("2001:db8::25"), "client_name": "", "helo": "[IPv6:2001:db8::25]", "user": "bob"}
    assert lines(**known)[1:3] == [
        "Received: from IPv6:2001:db8::25 (unknown [IPv6:2001:db8::25])",
        "\tby mx.example.net (Postfix) with ESMTPA",
    ]


def test_mail_that_came_over_no_network_has_no_client():
    assert lines(client=None, sender="") == ["X-Envelope-From: <>", ""]


def test_nothing_of_the_client_can_end_a_field_or_close_a_bracket():
    hostile = "x (y [192.0.2.1])\r\nX-Evil: 1\udcff"
    for name in ("helo", "client_name", "mta_name", "queue_id", "sender"):
        written = lines(**{name: hostile})
        assert len(written) == 5
        assert "192.0.2.1]" not in "".join(written[1:])
    assert len("".join(lines(helo="x" * 10_000))) < 1_000
