# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.spf.macro import CURRENT_DOMAIN, MAX_MACROS, read_domain_spec, read_macro_string
from postward.errors import PermanentFailure

VALUES = {
    "s": "strong-bad@email.example.com",
    "l": "strong-bad",
    "o": "email.example.com",
    "d": "email.example.com",
    "i": "192.0.2.3",
    "p": "mx.example.org",
    "v": "in-addr",
    "h": "mail-out.example.org",
}


def expand(text, **values):
    return read_domain_spec(text).expand((VALUES | values).__getitem__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 7208 section 7.4.
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        # What is not in the RFC's list.
        ("%{h-}", "mail.out.example.org"),
        ("%{H}", "mail-out.example.org"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%{DR}", "com.example.email"),
        ("%{l.-}", "strong.bad"),
        ("%{d99999999999}", "email.example.com"),
        ("a%%b%_c%-d.example.", "a%b c%20d.example"),
        ("mail.example.com.", "mail.example.com"),
    ],
)
def test_expansion(text, expected):
    assert expand(text) == expected


def test_empty_parts_are_kept():
    assert expand("%{l}.x.example", l="-a--b-") == "-a--b-.x.example"
    assert expand("%{l-}.x.example", l="-a--b-") == ".a..b..x.example"


def test_a_name_is_cut_from_the_left_to_253_octets():
    name = expand("%{l}.%{l}.%{l}.%{l}.%{l}.ok.example.com", l="a" * 60)
    assert name == ".".join(["a" * 60] * 3) + ".ok.example.com"


def test_a_name_of_253_octets_is_whole():
    labels = ".".join(["a" * 62] * 3 + ["b" * 60, "ccc"])
    assert len(labels) == 253
    assert expand(labels) == labels
    assert expand("x." + labels) == labels


def test_what_cannot_be_cut_stays():
    assert len(expand("%{l}", l="a" * 300)) == 300


@pytest.mark.parametrize(
    "text",
    [
        "", "museum", "abc.123", "a.b-", "a.-b", "a.b_c", "%{d}.", "%{d}x", "a.%{d}b", "a..", ".",
        "%(d).x.example", "%", "a%.example.com", "%{d", "%{}", "%{x}.example.com", "%{dd}", "%{d0}", "%{d00}", "%{dr2}",
        "%{d:}", "%{d }", "%{c}", "%{r}.example.com", "%{T}.example.com", "a b.example.com", "a\tb.example.com",
        "b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example.com", "a\x7f.example.com",
    ],
)  # fmt: skip
def test_not_a_domain_spec(text):
    with pytest.raises(PermanentFailure):
        read_domain_spec(text)


@pytest.mark.parametrize(
    "text", [".com", "a..com", "a.1-2", "foo%%", "foo%_", "%-", "a:b/c.example", "x.%{l1r+-,/_=.}"]
)
def test_odd_but_valid(text):
    read_domain_spec(text)


def test_number_of_macros_is_bounded():
    read_domain_spec("%{d}" * MAX_MACROS)
    with pytest.raises(PermanentFailure):
        read_domain_spec("%{d}" * (MAX_MACROS + 1))


def test_only_what_fits_is_expanded():
    asked = []

    def value_of(letter):
        asked.append(letter)
        return "v" * 100 + ".x"

    assert len(read_domain_spec("%{d}" * MAX_MACROS).expand(value_of)) <= 253
    assert len(asked) == 3


def test_repeated_delimiters_are_kept_once():
    assert read_macro_string("%{l" + "-+" * 20_000 + "}") == read_macro_string("%{l-+}")


def test_macro_string_may_be_empty():
    assert read_macro_string("") == ()


def test_the_current_domain_is_the_macro_d():
    assert CURRENT_DOMAIN.expand(VALUES.__getitem__) == "email.example.com"


@given(st.text(alphabet="%{}slodiphcrtvSLD0129r.-+,/_= ab\n\xe9", max_size=40), st.text(max_size=300))
def test_nothing_but_a_permanent_failure(text, value):
    try:
        spec = read_domain_spec(text)
    except PermanentFailure:
        return
    assert isinstance(spec.expand(lambda _: value), str)
