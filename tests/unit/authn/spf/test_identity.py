# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.authn.spf.identity import checkable_domain, macro_address, split_identity
from postward.model.spf import SpfScope


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("a@b.example", ("a", "b.example")),
        ('"a@b"@c.example', ('"a@b"', "c.example")),
        ("@b.example", ("postmaster", "b.example")),
        ("b.example", ("postmaster", "b.example")),
        ("a@", ("a", "")),
    ],
)
def test_mail_from(identity, expected):
    assert split_identity(identity, "helo.example", SpfScope.MFROM) == expected


def test_a_helo_name_is_not_split():
    assert split_identity("x", "a@b.example", SpfScope.HELO) == ("postmaster", "a@b.example")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example", "xn--bcher-kva.example"),
        ("_spf.example.com", "_spf.example.com"),
        ("", None),
        (".", None),
        ("localhost", None),
        ("com.", None),
        ("a..example", None),
        (".example.com", None),
        ("example.com..", None),
        ("[192.0.2.1]", None),
        ("192.0.2.1", None),
        ("a" * 64 + ".example.com", None),
        (".".join(["a" * 50] * 5), None),
        ("a b.example", None),
        ("a\x00.example", None),
        ("a@b.example", None),
        ("\udcff.example", None),
    ],
)
def test_checkable_domain(text, expected):
    assert checkable_domain(text) == expected


def test_macro_address():
    assert macro_address(ip_address("192.0.2.1")) == "192.0.2.1"
    assert macro_address(ip_address("2001:db8::cb01")) == "2.0.0.1.0.d.b.8." + "0." * 20 + "c.b.0.1"
