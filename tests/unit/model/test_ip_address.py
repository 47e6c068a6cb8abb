# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.model.ip_address import is_within, plain_address


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1%eth0", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_that_is_judged(address, expected):
    assert plain_address(ip_address(address)) == ip_address(expected)


NETWORKS = (ip_network("192.0.2.0/28"), ip_network("2001:db8::/32"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.15", True), ("192.0.2.16", False), ("2001:db8::1", True), ("2001:db9::1", False), (None, False)],
)
def test_whether_an_address_is_within_one_of_several_networks(address, expected):
    assert is_within(ip_address(address) if address else None, NETWORKS) is expected


def test_nothing_is_within_no_network():
    assert not is_within(ip_address("192.0.2.1"), ())
