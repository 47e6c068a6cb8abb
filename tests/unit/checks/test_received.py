# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.checks.received import recorded_client

WRITTEN_BY_RELAYS = [
    (b" from mail.example.org (mail.example.org [192.0.2.1])\r\n\tby mx2.example.net", "192.0.2.1", "mail.example.org"),
    (b" from helo.example (unknown [IPv6:2001:db8::1])\r\n\tby mx", "2001:db8::1", "helo.example"),
    (b" from h (user@name.example [192.0.2.7] (may be forged)) by mx", "192.0.2.7", "h"),
    (b" from name.example ([192.0.2.2] helo=h.example) by mx", "192.0.2.2", "h.example"),
    (b" from [192.0.2.3] (helo=h.example) by mx", "192.0.2.3", "h.example"),
    (b" from h.example (192.0.2.4) by exchange", "192.0.2.4", "h.example"),
]


@pytest.mark.parametrize(("value", "address", "helo"), WRITTEN_BY_RELAYS)
def test_reads_the_client_that_a_relay_recorded(value, address, helo):
    client = recorded_client(value)
    assert client is not None
    assert (client.address, client.helo) == (ip_address(address), helo)


def test_never_takes_the_address_from_the_helo_name():
    forged_helo = recorded_client(b" from [10.0.0.1] (real.example [192.0.2.1]) by mx")
    assert forged_helo is not None
    assert forged_helo.address == ip_address("192.0.2.1")
    exim_forged = recorded_client(b" from name ([192.0.2.5] helo=[10.0.0.1]) by mx")
    assert exim_forged is not None
    assert exim_forged.address == ip_address("192.0.2.5")
    assert recorded_client(b" from [10.0.0.1] (unknown) by mx") is None


@pytest.mark.parametrize(
    "value",
    [b"", b" by mx.example with local", b" from h", b" from h (name [999.1.1.1]) by mx", b" from h (" + b"(" * 5000],
)
def test_tells_where_no_client_is_recorded(value):
    assert recorded_client(value) is None
