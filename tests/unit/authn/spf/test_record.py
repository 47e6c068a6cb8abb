# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.spf.macro import CURRENT_DOMAIN, read_domain_spec
from postward.authn.spf.record import MAX_CACHED_CHARACTERS, Directive, read_directive, read_record
from postward.errors import PermanentFailure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-all", Directive(qualifier="-", mechanism="all")),
        ("A", Directive(qualifier="+", mechanism="a", domain=CURRENT_DOMAIN)),
        ("~a/24", Directive(qualifier="~", mechanism="a", domain=CURRENT_DOMAIN, ip4_prefix=24)),
        ("?mx//64", Directive(qualifier="?", mechanism="mx", domain=CURRENT_DOMAIN, ip6_prefix=64)),
        (
            "a:b.example/0//0",
            Directive(qualifier="+", mechanism="a", domain=read_domain_spec("b.example"), ip4_prefix=0, ip6_prefix=0),
        ),
        ("mx:%{d/}/24", Directive(qualifier="+", mechanism="mx", domain=read_domain_spec("%{d/}"), ip4_prefix=24)),
        ("ptr", Directive(qualifier="+", mechanism="ptr", domain=CURRENT_DOMAIN)),
        (
            "exists:%{i}.100/86400.rate.example.com",
            Directive(qualifier="+", mechanism="exists", domain=read_domain_spec("%{i}.100/86400.rate.example.com")),
        ),
        (
            "IP4:192.0.2.1/24",
            Directive(qualifier="+", mechanism="ip4", network=ip_address("192.0.2.1"), ip4_prefix=24),
        ),
        ("ip6:::1/0", Directive(qualifier="+", mechanism="ip6", network=ip_address("::1"), ip6_prefix=0)),
    ],
)
def test_directive(text, expected):
    assert read_directive(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "+", "all.", "all:x", "all/8", "al", "a:", "a/", "a//", "a/24/64", "a//64/24", "a/024", "a/33", "a//129",
        "a:x", "a24", "a-b", "a.example.com", "mx:/24", "ptr/24", "ptr:", "include", "include:", "include:a.example/24",
        "exists", "ip4", "ip4:", "ip4:1.2.3", "ip4:1.2.3.4.5", "ip4:1.2.3.04", "ip4:256.0.0.1", "ip4:1.2.3.4/33",
        "ip4:1.2.3.4//32", "ip4:1.2.3.4/", "ip4:::1", "ip6", "ip6:", "ip6:1.2.3.4", "ip6:::1/129", "ip6:::1//64",
        "ip6:::1/064", "ip6:[::1]",
        "ip6:fe80::1%eth0", "ip6:1::2::3", "++all", "all all", "ip4:192.0.2.5\n", "redirect:a.example",
        "\N{ARABIC-INDIC DIGIT ONE}", "ip4:1.2.3.\N{ARABIC-INDIC DIGIT ONE}", "a/\N{ARABIC-INDIC DIGIT ONE}",
    ],
)  # fmt: skip
def test_not_a_directive(text):
    with pytest.raises(PermanentFailure):
        read_directive(text)


def test_terms_in_order_without_the_modifiers_that_decide_nothing():
    record = read_record("v=spf1  a x=1  x=2 mx exp=why.example.com REDIRECT=other.example.com -all ")
    assert record.directives == ("a", "mx", "-all")
    assert record.redirect == "other.example.com"


def test_bare_version():
    record = read_record("v=spf1")
    assert (record.directives, record.redirect) == ((), "")


@pytest.mark.parametrize(
    "terms",
    [
        "redirect=", "redirect=a", "redirect=-all", "redirect=a.example redirect=b.example", "exp=", "exp=%{c}.example",
        "exp=a.example EXP=a.example", "1up=foo", "=all", "-x=y", "x=%", "x=%{z}", "x=a\tb", "x:y=z", "a\tmx",
        "-all moo", "x=\N{LATIN SMALL LETTER E WITH ACUTE}",
    ],
)  # fmt: skip
def test_syntax_error_anywhere(terms):
    with pytest.raises(PermanentFailure):
        read_record(f"v=spf1 +all {terms}")


@pytest.mark.parametrize("terms", ["x=", "x==", "x=a=b", "default=-", "all=x", "ip4=192.0.2.1", "a.b-c_d=%{c}%{r}%{t}"])
def test_unknown_modifiers_are_ignored_however_often(terms):
    assert read_record(f"v=spf1 {terms} {terms} {terms}").directives == ()


def test_a_record_too_long_to_be_kept_is_read_all_the_same():
    terms = " ".join(["ip4:192.0.2.1"] * MAX_CACHED_CHARACTERS)
    assert len(read_record(f"v=spf1 {terms}").directives) == MAX_CACHED_CHARACTERS
    with pytest.raises(PermanentFailure):
        read_record(f"v=spf1 {terms} moo")


@given(st.text(alphabet=" :/=.%{}+-~?0123456789allmxptrincudesoy46fg\xe9\x00\n", max_size=80))
def test_nothing_but_a_permanent_failure(terms):
    try:
        record = read_record(f"v=spf1 {terms}")
    except PermanentFailure:
        return
    for directive in record.directives:
        read_directive(directive)
