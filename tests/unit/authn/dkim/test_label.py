# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dkim.label import MAX_PREFETCHED_BYTES, key_query_name, label
from postward.authn.dkim.tag_list import parse_tag_list


def test_whatever_can_be_told():
    told = label(parse_tag_list(b"a=RSA-SHA256; d=B\xc3\x9ccher.example; s=Sel; i=a=40b; b=ab c\r\n\tdefghij; l=10"))
    assert (told.domain, told.selector) == ("xn--bcher-kva.example", "sel")
    assert (told.identity, told.algorithm, told.signature_prefix) == ("a@b", "rsa-sha256", "abcdefgh")
    assert told.length_limited


def test_what_is_no_name_is_told_as_it_stands():
    told = label(parse_tag_list(b"d=a..b; s=\xff; a=\xff"))
    assert (told.domain, told.selector, told.algorithm) == ("a..b", "\\xff", "\\xff")


def test_nothing():
    told = label({})
    assert (told.domain, told.selector, told.identity, told.algorithm, told.signature_prefix) == ("", "", "", "", "")
    assert not told.length_limited


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b" v=1; d=Example.org; s=Sel", "sel._domainkey.example.org"),
        (b"d=b\xc3\xbccher.example;s=a.b;", "a.b._domainkey.xn--bcher-kva.example"),
        (b"d=example.org", None),
        (b"s=sel", None),
        (b"d=example.org; s=", None),
        (b"d=a..b; s=sel", None),
        (b"d=example.org; s=sel; ;", None),
        (b"no tag list", None),
        (b"", None),
        (b"s=sel; d=" + b".".join([b"a" * 60] * 4), None),
        (b"d=example.org; s=sel; b=" + b"A" * MAX_PREFETCHED_BYTES, None),
    ],
)
def test_key_query_name(value, name):
    assert key_query_name(value) == name


@given(st.binary(max_size=100))
def test_any_octets(octets):
    assert key_query_name(octets) is None or isinstance(key_query_name(octets), str)
