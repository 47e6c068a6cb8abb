# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.mime.links.host import NO_HOST, Host, read_host, read_port


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("www.Example.COM", "www.example.com"),
        ("example.com.", "example.com"),
        ("ex%61mple%2Ecom", "example.com"),
        ("\uff45xample\u3002com", "example.com"),
        ("ex\u00ad\u200bample.com", "example.com"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("B%C3%9CCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("\u2603.example", "xn--n3h.example"),
        ("\u0440\u0430ypal.example", "xn--ypal-43d9g.example"),
        ("_x.a_b.example", "_x.a_b.example"),
        ("1.2.3.4.example", "1.2.3.4.example"),
        ("localhost", "localhost"),
        ("0x.example", "0x.example"),
    ],
)
def test_names(written, name):
    assert read_host(written) == Host(name=name)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1.", "192.0.2.1"),
        ("3221225985", "192.0.2.1"),
        ("0xC0000201", "192.0.2.1"),
        ("0300.0.0x2.1", "192.0.2.1"),
        ("192.513", "192.0.2.1"),
        ("192.0.513", "192.0.2.1"),
        ("%31%39%32.0.2.1", "192.0.2.1"),
        ("\uff11\uff19\uff12.0.2.1", "192.0.2.1"),
        ("0x7f.0x", "127.0.0.0"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[::ffff:192.0.2.1]", "192.0.2.1"),
    ],
)
def test_addresses(written, address):
    assert read_host(written) == Host(address=ip_address(address))


@pytest.mark.parametrize(
    "written",
    [
        "", ".", "..", "a..example", ".example", "example..", "a b.example", "a<b", "a%00b", "a%",
        "256.0.0.1", "1.2.3.4.5",
        "4294967296", "08.1.1.1", "a.1", "a.0x1", "1..2", "[", "[]", "[x]", "[fe80::1%eth0]", "x" * 64,
        "a." * 127 + "example", "%61" * 400, "\u0300" * 300, "9" * 300, "\udcff.example",
    ],
)  # fmt: skip
def test_what_no_browser_would_ask_for(written):
    assert read_host(written) == NO_HOST


@pytest.mark.parametrize(
    ("written", "port"), [("", None), ("80", 80), ("080x", 80), ("x", None), ("65535", 65_535), ("65536", None)]
)
def test_ports(written, port):
    assert read_port(written) == port
