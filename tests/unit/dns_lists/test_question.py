# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that lists are asked for."""

from __future__ import annotations

from ipaddress import ip_address

from postward.dns_lists.question import question, reversed_address


def test_an_ipv4_address_is_asked_for_by_octets():
    assert question(reversed_address(ip_address("192.0.2.99")), "bl.example") == "99.2.0.192.bl.example"


def test_an_ipv6_address_is_asked_for_by_nibbles():
    """The example of RFC 5782 section 2.4."""
    reverse = reversed_address(ip_address("2001:db8:1:2:3:4:567:89ab"))
    assert reverse == "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2"


def test_a_name_that_would_be_too_long_is_not_asked_for():
    host = ".".join(["a" * 60] * 4)
    assert question(host, "bl.example.net") == ""
    assert question(host, "bl.org") == f"{host}.bl.org"
