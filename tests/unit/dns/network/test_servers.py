# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.dns.network.servers import parse_server
from postward.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", "192.0.2.1:53"),
        ("192.0.2.1:5353", "192.0.2.1:5353"),
        ("2001:db8::1", "[2001:db8::1]:53"),
        ("[2001:db8::1]:5353", "[2001:db8::1]:5353"),
    ],
)
def test_an_address_may_have_a_port(text, expected):
    assert str(parse_server(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ns.example",
        "192.0.2",
        "192.0.2.1:",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "[192.0.2.1",
        "[::1]",
        "::1:x",
        "1.2.3.4:5:6",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(UsageError, match="DNS server"):
        parse_server(text)
