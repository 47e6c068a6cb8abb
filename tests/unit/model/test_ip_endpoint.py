# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.ip_endpoint import IpEndpoint, parse_ip_endpoint


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("192.0.2.1:5353", "192.0.2.1", 5353),
        ("[2001:db8::1]:5353", "2001:db8::1", 5353),
        ("192.0.2.1", "192.0.2.1", 53),
        ("2001:db8::1", "2001:db8::1", 53),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1", 53),
    ],
)
def test_an_address_and_its_port(text, address, port):
    endpoint = parse_ip_endpoint(text, default_port=53)
    assert endpoint == IpEndpoint(address=ip_address(address), port=port)
    assert parse_ip_endpoint(str(endpoint)) == endpoint


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "[::1]", "9618", "localhost:9618", "1.2.3.4:5:6", ""])
def test_the_port_is_needed_where_none_stands_for_it(text):
    with pytest.raises(ValueError, match="must be an IP address and a port"):
        parse_ip_endpoint(text)


@pytest.mark.parametrize(
    "text",
    ["", "ns.example", "192.0.2", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "[192.0.2.1", "[::1]", "::1:x"],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"must be|has a port"):
        parse_ip_endpoint(text, default_port=53)
