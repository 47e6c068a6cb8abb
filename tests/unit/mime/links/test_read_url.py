# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.links.link import LinkSource
from postward.mime.links.read_url import MAX_URL_CHARACTERS, read_url


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "has_user"),
    [
        ("http://www.example.com", "http", "www.example.com", None, False),
        ("HTTPS://WWW.Example.Com.:8080/x?y#z", "https", "www.example.com", 8080, False),
        ("http://bank.example@evil.example/", "http", "evil.example", None, True),
        ("http://bank.example:pw@x@evil.example:80", "http", "evil.example", 80, True),
        ("http://evil.example\\@bank.example/", "http", "evil.example", None, False),
        ("http://evil.example/@bank.example/", "http", "evil.example", None, False),
        ("http://evil.example?@bank.example/", "http", "evil.example", None, False),
        ("http://evil.example#@bank.example/", "http", "evil.example", None, False),
        ("http:evil.example", "http", "evil.example", None, False),
        ("http:\\\\evil.example\\x", "http", "evil.example", None, False),
        ("http:////evil.example", "http", "evil.example", None, False),
        (" \n\x01ht\ttp://evil\r\n.example ", "http", "evil.example", None, False),
        ("ftp://ftp.example/x", "ftp", "ftp.example", None, False),
        ("http://", "http", "", None, False),
        ("http://a b.example/", "http", "", None, False),
        ("mailto:ann@Example.org?subject=x@y", "mailto", "example.org", None, False),
        ("mailto:ann%40example.org,bob@example.net", "mailto", "example.org", None, False),
        ("mailto:Ann <ann@example.org>", "mailto", "example.org", None, False),
        ("mailto:nobody", "mailto", "", None, False),
        ("javascript:alert('http://x.example')", "javascript", "", None, False),
        ("data:text/html,<b>//x.example/", "data", "", None, False),
        ("tel:+49-30", "tel", "", None, False),
    ],
)
def test_urls(url, scheme, host, port, has_user):
    link = read_url(url)
    assert (link.scheme, link.host, link.address, link.port, link.has_user) == (scheme, host, None, port, has_user)


@pytest.mark.parametrize(
    "url", ["", "//x.example/", "www.example.com", "#x", "1http://x", ":", "\u0456http://x", "x" * 99 + ":"]
)
def test_what_has_no_scheme(url):
    assert read_url(url) is None


@pytest.mark.parametrize(
    ("url", "address", "port"),
    [("http://0x7f.1:81/", "127.0.0.1", 81), ("http://u@[2001:db8::1]:443/", "2001:db8::1", 443)],
)
def test_addresses(url, address, port):
    link = read_url(url)
    assert (link.host, str(link.address), link.port) == ("", address, port)


def test_what_is_known_of_it_is_kept():
    link = read_url("http://x.example/", source=LinkSource.ANCHOR, shown="here", is_hidden=True)
    assert (link.source, link.shown, link.is_hidden) == (LinkSource.ANCHOR, "here", True)


def test_urls_are_of_bounded_length():
    assert len(read_url("http://x.example/" + "x" * 9_000).url) == MAX_URL_CHARACTERS
