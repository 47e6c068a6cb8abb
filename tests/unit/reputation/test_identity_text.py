# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.reputation.identity_text import identities_meant, parse_identity


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("ip:192.0.2.1", "ip", "192.0.2.1"),
        ("192.0.2.1", "ip", "192.0.2.1"),
        ("IP:2001:DB8::0:1", "ip", "2001:db8::1"),
        ("2001:db8:0::1", "ip", "2001:db8::1"),
        ("::ffff:192.0.2.1", "ip", "192.0.2.1"),
        ("ip:fe80::1%eth0", "ip", "fe80::1"),
        ("net:192.0.2.0/24", "net", "192.0.2.0/24"),
        ("network:192.0.2.77", "net", "192.0.2.0/24"),
        ("192.0.2.77/24", "net", "192.0.2.0/24"),
        ("2001:db8::5/64", "net", "2001:db8::/64"),
        ("2001:db8:1:2::5/48", "net", "2001:db8:1::/48"),
        ("net:::1", "net", "::/64"),
        ("asn:64500", "asn", "64500"),
        ("AS64500", "asn", "64500"),
        ("asn:as0064500", "asn", "64500"),
        ("from:Example.COM.", "from", "example.com"),
        ("dkim:b\u00fccher.example", "dkim", "xn--bcher-kva.example"),
        ("spf: example.com", "spf", "example.com"),
        ("org:example.com", "org", "example.com"),
        ("helo:mx1.example.com", "helo", "mx1.example.com"),
        ("tenant:example.com", "tenant", "example.com"),
        ("login:Ann@Example.com", "login", "ann@example.com"),
        ("login:ann", "login", "ann"),
        ("ann@example.com", "login", "ann@example.com"),
        ("pair:Joe@Example.com/192.0.2.1", "pair", "joe@example.com/192.0.2.1"),
        ("joe+news@example.com/192.0.2.1", "pair", "joe@example.com/192.0.2.1"),
        ("joe@example.com/2001:db8::1", "pair", "joe@example.com/2001:db8::1"),
        ("pair:a/b@example.com/192.0.2.1", "pair", "a/b@example.com/192.0.2.1"),
        ("outgoing:192.0.2.1", "outgoing", "192.0.2.1"),
        (" ip:192.0.2.1\n", "ip", "192.0.2.1"),
    ],
)
def test_what_people_write_is_read_in_the_form_in_which_it_is_kept(text, kind, name):
    assert parse_identity(text) == Identity(IdentityKind(kind), name)


def test_everybody():
    assert parse_identity("all") == parse_identity("all:") == EVERYBODY


def test_what_was_written_by_us_is_read_again():
    for text in ("ip:2001:db8::1", "net:2001:db8::/64", "pair:joe@example.com/192.0.2.1", "login:ann", "all"):
        assert str(parse_identity(text)) == text


def test_a_domain_alone_may_be_several():
    meant = identities_meant("Example.com")
    assert [each.kind.value for each in meant] == ["from", "dkim", "spf", "org", "tenant", "helo"]
    assert {each.name for each in meant} == {"example.com"}
    with pytest.raises(ValueError, match=r"may be several: write from:example\.com, dkim:.* or helo:example\.com$"):
        parse_identity("example.com")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "KIND:NAME"),
        ("nobody", "KIND:NAME, with a kind of all, ip, net"),
        ("colour:red", "KIND:NAME"),
        ("ip:", "no IP address"),
        ("300.1.1.1", "no IP address"),
        ("192.0.2", "no IP address"),
        ("ip:example.com", "no IP address"),
        ("net:192.0.2.0/16", "networks of IPv4 are kept as /24"),
        ("net:2001:db8::/56", "networks of IPv6 are kept as /64 and /48"),
        ("net:192.0.2.0/24/24", "networks of IPv4"),
        ("asn:4294967296", "no number"),
        ("asn:" + "9" * 900, "no number"),
        ("asn:\u0661", "no number"),
        ("from:", "no domain"),
        ("from:a..b", "no domain"),
        ("from:a b.example", "no domain"),
        ("from:\udcff.example", "no domain"),
        ("login:", "no login"),
        ("login:a\x00b", "no login"),
        ("pair:joe@example.com", "no pair"),
        ("pair:joe@example.com/mx", "no IP address"),
        ("all:x", "no name"),
        ("x" * 1_001, "longer than 1000"),
    ],
)
def test_anything_else_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match=words):
        parse_identity(text)


WORDS = st.sampled_from([*IdentityKind, "network", "", "as", "AS"])
NAMES = st.one_of(
    st.text(max_size=40),
    st.ip_addresses().map(str),
    st.from_regex(r"[0-9]{1,12}(/[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[a-z+/\"]{1,9}@[a-z.]{1,12}(/192\.0\.2\.1)?", fullmatch=True),
)


@given(WORDS, st.sampled_from([":", "", " "]), NAMES)
@example("ip", ":", "\ud800")
@example("pair", ":", '"a b"@x.example/192.0.2.1')
def test_whatever_is_written_is_read_or_refused_and_what_was_read_is_read_again(word, colon, name):
    with suppress(ValueError):
        for identity in identities_meant(f"{word}{colon}{name}"):
            assert parse_identity(str(identity)) == identity
