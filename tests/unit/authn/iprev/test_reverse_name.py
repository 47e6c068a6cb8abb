# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.authn.iprev import reverse_name


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "1.2.0.192.in-addr.arpa"),
        ("::ffff:192.0.2.1", "1.2.0.192.in-addr.arpa"),
        ("2001:db8::cb01", "1.0.b.c" + ".0" * 20 + ".8.b.d.0.1.0.0.2.ip6.arpa"),
        ("fe80::1%eth0", "1" + ".0" * 28 + ".8.e.f.ip6.arpa"),
    ],
)
def test_reverse_name(address, expected):
    assert reverse_name(ip_address(address)) == expected
