# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.dns.public_suffix import open_suffixes

LIST = """\
// ===BEGIN ICANN DOMAINS===
com
uk
co.uk
*.ck
!www.ck
\u516c\u53f8.cn
cn
// ===END ICANN DOMAINS===
// ===BEGIN PRIVATE DOMAINS===
hosts.com
*.wild.hosts.com
// ===END PRIVATE DOMAINS===
"""


@pytest.fixture(scope="module")
def suffixes(tmp_path_factory):
    path = tmp_path_factory.mktemp("suffixes") / "public_suffix_list.dat"
    path.write_text(LIST, encoding="utf-8")
    return open_suffixes(path)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "example.com"),
        ("a.b.example.com", "example.com"),
        ("A.Example.COM.", "example.com"),
        ("www.example.co.uk", "example.co.uk"),
        ("a.b.c.ck", "b.c.ck"),
        ("www.ck", "www.ck"),
        ("a.www.ck", "www.ck"),
        ("a.b.xn--55qx5d.cn", "b.xn--55qx5d.cn"),
        # Names that a company gives to its customers, and its own.
        ("a.b.hosts.com", "b.hosts.com"),
        ("hosts.com", "hosts.com"),
        ("a.b.wild.hosts.com", "a.b.wild.hosts.com"),
        # Not in the list.
        ("a.b.internal", "b.internal"),
        ("_dmarc.example.com", "example.com"),
    ],
)
def test_organizational_domains(suffixes, host, domain):
    assert suffixes.organizational_domain(host) == domain
    assert not suffixes.is_suffix(host)


@pytest.mark.parametrize("host", ["com", "co.uk", "CO.UK.", "x.ck", "xn--55qx5d.cn", "localhost"])
def test_suffixes(suffixes, host):
    assert suffixes.organizational_domain(host) == ""
    assert suffixes.is_suffix(host)


@pytest.mark.parametrize(
    "host",
    ["", ".", "..", "a..com", ".com", "192.0.2.1", "2001:db8::1", "[::1]", "a b.com", "a/b.com", "u@b.com",
     "x" * 64 + ".com",
     "a." * 130 + "com", "b\u00fccher.com", "http://a.com"],
)  # fmt: skip
def test_what_is_no_name(suffixes, host):
    assert suffixes.organizational_domain(host) == ""
    assert not suffixes.is_suffix(host)


@pytest.mark.parametrize("content", [None, b"", b"// nothing\n", b"\n", b"rubbish"])
def test_without_a_list_of_this_system_that_of_the_library_is_used(tmp_path, content):
    path = tmp_path / "public_suffix_list.dat"
    if content is not None:
        path.write_bytes(content)
    suffixes = open_suffixes(path)
    assert suffixes.organizational_domain("a.b.co.uk") == "b.co.uk"
    assert suffixes.organizational_domain("a.b.github.io") == "b.github.io"
    assert suffixes.organizational_domain("github.io") == "github.io"
