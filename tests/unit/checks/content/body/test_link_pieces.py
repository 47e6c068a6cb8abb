# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.link_pieces import authority_of, own_domains, path_of
from tests.unit.checks.content.body.attaching import anchor, plain


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://www.example.com/a/b.zip?x=/y#z", "www.example.com", "/a/b.zip"),
        ("http://user@host:81", "user@host:81", ""),
        ("http:\\\\host\\a", "host", "\\a"),
        ("https://host?x", "host", ""),
        ("https://host#/x?y", "host", ""),
        ("mailto:a@b.example", "a@b.example", ""),
        ("", "", ""),
    ],
)
def test_pieces_of_a_url(url, authority, path):
    assert (authority_of(url), path_of(url)) == (authority, path)


def test_what_a_reader_may_follow():
    message = anchor("https://a.example/", 'x <img src="https://b.example/i.png">')
    assert [link.host for link in message.clicked] == ["a.example"]
    text = plain("https://a.example/ is the place")
    assert [link.host for link in text.clicked] == ["a.example"]
    assert text.anchors == ()


def test_domains_of_the_authors():
    assert own_domains(plain("x", author="A <a@mail.one.example>, b@two.co.uk, c")) == {"one.example", "two.co.uk"}
