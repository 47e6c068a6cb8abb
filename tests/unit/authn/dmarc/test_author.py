# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dmarc.author import MAX_DOMAINS, MAX_VALUE_BYTES, AuthorDomains, author_domains
from postward.authn.dmarc.mailboxes import MAX_MAILBOXES
from postward.model.dmarc import FromProblem


def read(*values: str):
    authors = author_domains([value.encode("utf-8", "surrogateescape") for value in values])
    return authors.domains, authors.problem


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        ("a@example.com", "example.com"),
        ("<a@example.com>", "example.com"),
        ("Alice A. Author <a@example.com>", "example.com"),
        ('"Alice, \\"A\\"" <a@example.com>', "example.com"),
        ("a@EXAMPLE.com", "example.com"),
        ("a@example.com.", "example.com"),
        ("a@under_score.example.com", "under_score.example.com"),
        ("a@localhost", "localhost"),
        ("\r\n Alice\r\n\t<a@example.com>", "example.com"),
        ("a@example.com (b@example.org)", "example.com"),
        ("(c (nested \\) ) d) a (e) @ (f) example.com (g)", "example.com"),
        ("a@example (dot) . (com) com", "example.com"),
        ("a . b @ example.com", "example.com"),
        ("a..b.@example.com", "example.com"),
        ("<@relay.example,@other.example:a@example.com>", "example.com"),
        ("Group: a@example.com, B <b@example.com>;", "example.com"),
        ("Unclosed: a@example.com", "example.com"),
        (",, a@example.com ,,", "example.com"),
        ("a@example.com, b@EXAMPLE.COM", "example.com"),
        ("Doe, John <j@example.com>", "example.com"),
        ("Sales [EU] <s@example.com>", "example.com"),
        ("a@example.com <a@example.com>", "example.com"),
        ("Tom @ Acme <t@example.com>", "example.com"),
        ("Tom @ Acme Inc. <t@example.com>", "example.com"),
        ("a@example.com (via List) <a@example.com>", "example.com"),
        ("M\xfcller <a@example.com>", "example.com"),
        ("M\udcfcller <a@example.com>", "example.com"),
        ("a@b\xfccher.example", "xn--bcher-kva.example"),
        ("a@B\xdcCHER.example", "xn--bcher-kva.example"),
        ("a@\uff45xample.com", "example.com"),
        ("=?utf-8?q?a=40example.org?= <a@example.com>", "example.com"),
        ('"x@example.org" <a@example.com>', "example.com"),
        ('"Someone <x@junk.example>"@example.com', "example.com"),
        ('"a@example.org"@example.com', "example.com"),
        ('"a\\"@example.org"@example.com', "example.com"),
    ],
)  # fmt: skip
def test_one_author_domain(value, domain):
    assert read(value) == ((domain,), None)


@pytest.mark.parametrize(
    ("value", "domains"),
    [
        ("a@example.com, b@example.org", ("example.com", "example.org")),
        ("G: a@example.com; , b@example.org", ("example.com", "example.org")),
        ("a@example.com, b@mail.example.com", ("example.com", "mail.example.com")),
        # An address as display name is what many readers show.
        ("ceo@bank.example <x@evil.example>", ("bank.example", "evil.example")),
        ("ceo@bank.example Head Office <x@evil.example>", ("bank.example", "evil.example")),
        ("The CEO @ bank . example <x@evil.example>", ("bank.example", "evil.example")),
        ('"ceo"@bank.example @ x <x@evil.example>', ("bank.example", "evil.example")),
    ],
)
def test_several_author_domains(value, domains):
    assert read(value) == (domains, FromProblem.MULTIPLE_DOMAINS)


@pytest.mark.parametrize(
    ("value", "domains"),
    [
        ("", ()),
        ("undisclosed", ()),
        ("Group:;", ()),
        ("<>", ()),
        ("a@", ()),
        ("@example.com", ("example.com",)),
        ("a@[192.0.2.1]", ()),
        ("a@example.com, b@[192.0.2.1]", ("example.com",)),
        ("a@-.b..example", ()),
        (f"a@{'x' * 64}.example", ()),
        ("a@=?utf-8?q?bank.example?=", ()),
        ("a@b@example.com", ("b", "example.com")),
        ("a@example.com b@example.org", ("example.com", "example.org")),
        ("Alice a@example.com", ("example.com",)),
        ('"ceo@bank.example" x@evil.example', ("bank.example", "evil.example")),
        ("a@example.com <b@example.org> c", ("example.com", "example.org")),
        ("<a@example.com> <b@example.org>", ("example.com", "example.org")),
        ("<a@example.com", ("example.com",)),
        ("A; B <a@example.com>", ("example.com",)),
        ("A: B: a@example.com;", ("example.com",)),
        ('"unterminated <a@example.com>', ("example.com",)),
        ("a@example.com (unterminated", ("example.com",)),
        (f"a@example.com {'(' * 17}{')' * 17}", ("example.com",)),
        ("a@example.com)", ("example.com",)),
        # Where one reader stops and another goes on.
        ("a@bank.example (x) .evil.example", ("bank.example.evil.example", "bank.example")),
        ("a@bank.example\x00.evil.example", ("bank.example",)),
        ("a@bank.example\xa0.evil.example", ("bank.example",)),
        ("a@bank.example\rb@evil.example", ("bank.example", "evil.example")),
        ("a@bank.example\nb@evil.example", ("bank.example", "evil.example")),
        ("a@evil.example\uff20bank.example", ()),
        ('"\x00" <a@example.com>', ("example.com",)),
        ("a@b\udcfccher.example", ("xn--bcher-kva.example",)),
    ],
)  # fmt: skip
def test_unparsable(value, domains):
    assert read(value) == (domains, FromProblem.UNPARSABLE)


def test_no_field_is_missing():
    assert read() == ((), FromProblem.MISSING)


def test_two_fields_are_a_problem_even_with_one_domain():
    assert read("a@example.com", "a@example.com") == (("example.com",), FromProblem.MULTIPLE_FIELDS)
    assert read("a@example.com", "b@example.org, c@") == (("example.com", "example.org"), FromProblem.MULTIPLE_FIELDS)


def test_number_of_domains_is_bounded():
    domains, problem = read(", ".join(f"a@d{n}.example" for n in range(50)))
    assert len(domains) == MAX_DOMAINS
    assert problem is FromProblem.MULTIPLE_DOMAINS


def test_number_of_mailboxes_and_length_are_bounded():
    assert read(", ".join(["a@example.com"] * (MAX_MAILBOXES + 1)))[1] is FromProblem.UNPARSABLE
    assert read("a@example.com" + " " * MAX_VALUE_BYTES) == (("example.com",), FromProblem.UNPARSABLE)


@pytest.mark.parametrize("piece", ["(", '"', "<", "@", "\\", "[", "a@b,", "@ ", "a.", "a (.) .", ":", "(()", '"\\'])
def test_hostile_repetition_ends(piece):
    # Super-linear work on a megabyte would not end within the test run.
    domains, _ = read("x@example.com, " + piece * 1_000_000)
    assert "example.com" in domains


PIECES = st.sampled_from(
    ["a", "@", "example.com", ".", ",", ";", ":", "<", ">", '"', "(", ")", "\\", "[", "]", " ", "\r\n ", "\n", "\x00",
     "\xfc", "\xa0", "\udcff", "=?utf-8?q?a=40b?=", "evil.example", "G: ", "xn--", "-"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_anything_gives_host_names_or_nothing(value):
    domains, problem = read(value)
    assert all(re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", domain) for domain in domains)
    assert problem is not None or len(domains) == 1


@given(
    phrase=st.text("abc .", max_size=10),
    local=st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5})?", fullmatch=True),
    comment=st.text("abc@. ", max_size=10),
)
def test_whatever_surrounds_an_address_its_domain_is_found(phrase, local, comment):
    assert read(f"{phrase} <{local}@example.com> ({comment})") == (("example.com",), None)


def test_octets_that_are_no_utf_8_are_also_read_as_latin_1():
    authors = author_domains([b"Boss <u@b\xfccher.example>, v@b\xc3\xbccher.test"])
    assert authors.problem is FromProblem.UNPARSABLE
    assert "xn--bcher-kva.example" in authors.domains


def test_what_is_utf_8_is_not_read_as_latin_1():
    authors = author_domains(["u@b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example>".encode()])
    assert authors == AuthorDomains(domains=("xn--bcher-kva.example",), problem=FromProblem.UNPARSABLE)
