# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dmarc.author import MAX_FIELDS, MAX_VALUE_BYTES, author_domains
from postward.authn.dmarc.author_addresses import read_authors


def read(*values):
    authors = read_authors([value.encode("utf-8", "surrogateescape") for value in values])
    return [author.address for author in authors.mailboxes], authors.is_readable


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("alice@example.com", "alice@example.com"),
        (" Alice <alice@EXAMPLE.com.>", "alice@example.com"),
        ("\r\n\tAlice\r\n <alice@example.com>", "alice@example.com"),
        ("Alice+Tag@example.com", "Alice+Tag@example.com"),
        ("alice@example.com (ceo@bank.example)", "alice@example.com"),
        ("(a <x@bank.example>) alice (b) @ (c) example.com (d)", "alice@example.com"),
        ("<@relay.example,@other.example:alice@example.com>", "alice@example.com"),
        ('"ceo@bank.example" <alice@example.com>', "alice@example.com"),
        ("=?utf-8?q?ceo=40bank.example?= <alice@example.com>", "alice@example.com"),
        ("=?utf-8?q?ceo=40bank.example?=@example.com", "=?utf-8?q?ceo=40bank.example?=@example.com"),
        ('"alice"@example.com', "alice@example.com"),
        ('"al\\ice"@example.com', "alice@example.com"),
        ('al."ic".e@example.com', "al.ic.e@example.com"),
        ('"ceo@bank.example"@example.com', '"ceo@bank.example"@example.com'),
        ('"a\\"@bank.example"@example.com', '"a\\"@bank.example"@example.com'),
        ('"a b"@example.com', '"a b"@example.com'),
        ('"a\r\n b"@example.com', '"a b"@example.com'),
        ("Tom @ Acme <alice@example.com>", "alice@example.com"),
        ("Group: Alice <alice@example.com>;", "alice@example.com"),
        ("alice@example.com <alice@example.com>", "alice@example.com"),
        ("alice@example.com, ALICE@example.com", "alice@example.com"),
        ("\xe4lice@b\xfccher.example", "\xe4lice@xn--bcher-kva.example"),
        ("al\udcffice@example.com", "al\udcffice@example.com"),
        ("a..b.@example.com", "a..b.@example.com"),
    ],
)
def test_one_author(value, address):
    assert read(value) == ([address], True)


@pytest.mark.parametrize(
    ("values", "addresses"),
    [
        (["a@example.com, b@example.com"], ["a@example.com", "b@example.com"]),
        (["G: a@example.com, B <b@example.com>;, c@example.com"], ["a@example.com", "b@example.com", "c@example.com"]),
        (["a@example.com", "b@example.com"], ["a@example.com", "b@example.com"]),
        (["ceo@bank.example <a@example.com>"], ["ceo@bank.example", "a@example.com"]),
        (["The c.e.o@bank.example Office <a@example.com>"], ["c.e.o@bank.example", "a@example.com"]),
        (['"c"@bank.example x@y.example <a@example.com>'], ["c@bank.example", "x@y.example", "a@example.com"]),
        (["a@b.example@bank.example <a@example.com>"], ["a@b.example", "b.example@bank.example", "a@example.com"]),
    ],
)
def test_whoever_a_reader_may_see_is_an_author(values, addresses):
    assert read(*values) == (addresses, True)


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("", []),
        ("alice", []),
        ("undisclosed:;", []),
        ("alice@example.com, <broken", ["alice@example.com"]),
        ("alice@example.com bob@example.com", ["alice@example.com"]),
        ("alice@example.com\x00@bank.example", []),
        ("alice@example.com\r\nBcc: x", []),
        ("alice@example.com. bank.example", ["alice@example.com.bank.example"]),
        ("alice@[192.0.2.1]", []),
        ("(" * 100 + "alice@example.com", []),
        ('"alice@example.com', []),
        ("alice@exa\udcffmple.com", []),
        ("@example.com", []),
        ("a@example.com," * 200, ["a@example.com"]),
    ],
)
def test_what_cannot_be_read(value, addresses):
    assert read(value) == (addresses, False)


def test_no_field_names_nobody():
    assert read() == ([], True)


def test_a_huge_field_is_not_read_to_its_end():
    addresses, is_readable = read("alice@example.com" + " " * MAX_VALUE_BYTES + ", ceo@bank.example")
    assert (addresses, is_readable) == (["alice@example.com"], False)


def test_of_a_flood_of_fields_a_few_are_read():
    addresses, is_readable = read(*(f"a{number}@example.com" for number in range(MAX_FIELDS + 1)))
    assert (len(addresses), is_readable) == (MAX_FIELDS, False)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a@example.com", ()),
        ("Alice A. Author <a@example.com>", ("Alice", "A.", "Author")),
        ('"Alice, \\"A\\"" <a@example.com>', ('Alice, "A"',)),
        ("=?utf-8?q?Al=C3=AFce?= B <a@example.com>", ("=?utf-8?q?Al=C3=AFce?=", "B")),
        ("Alice (not here) <a@example.com>", ("Alice",)),
    ],
)
def test_the_words_of_a_display_name(value, words):
    (author,) = read_authors([value.encode()]).mailboxes
    assert author.display_name == words


@given(st.lists(st.text(alphabet=' ab.@<>,:;"\\()[]\r\n\t\0=?\xe4\udcff', max_size=40), max_size=3))
def test_domains_and_addresses_agree(values):
    encoded = [value.encode("utf-8", "surrogateescape") for value in values]
    authors = read_authors(encoded)
    domains = author_domains(encoded)
    if authors.is_readable and values:
        assert {author.address.rpartition("@")[2] for author in authors.mailboxes} == set(domains.domains)


@pytest.mark.parametrize(
    "piece", [b"a@b.c ", b"a@", b".", b",", b'"a"', b"a.b ", b"a.b@c.d", b"()", b"(", b"a b@c.d <e@f.g>,", b"\\", b":;"]
)
def test_no_field_takes_more_than_linear_time(piece):
    started_s = time.monotonic()
    read_authors([piece * (MAX_VALUE_BYTES // len(piece)), piece * 1_000_000] * 2)
    assert time.monotonic() - started_s < 10
