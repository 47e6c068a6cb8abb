# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.actions.display_name import MAX_CHARACTERS, display_phrase
from postward.authn.dmarc import read_authors


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ((), ""),
        (("Alice",), "Alice"),
        (("Alice", "A.", "Author"), '"Alice A. Author"'),
        (('say "hi" \\',), '"say \\"hi\\" \\\\"'),
        (("=?utf-8?q?Al=C3=AFce?=", "B."), '=?utf-8?q?Al=C3=AFce?= "B."'),
        (("a,b<c>;:(d)",), '"a,b<c>;:(d)"'),
        (("a \t b",), '"a b"'),
        (("ceo@bank.example",), ""),
        (("ceo", "@", "bank"), ""),
        (("evil\r\x00",), ""),
        (("evil\u202e",), ""),
        (("al\udcffice",), ""),
        (("x" * (MAX_CHARACTERS + 1),), ""),
        (("\xe4" * 100_000,), ""),
        (("", " "), ""),
    ],
)
def test_phrases(words, phrase):
    assert display_phrase(words, smtputf8=False) == phrase


def test_utf_8_where_the_message_may_have_it():
    assert display_phrase(("M\xfcller", "A."), smtputf8=True) == '"M\xfcller A."'


@pytest.mark.parametrize("name", ["M\xfcller", "\u5f20\u4e09" * 90, "\U0001f600" * MAX_CHARACTERS])
def test_encoded_words_elsewhere(name):
    phrase = display_phrase((name,), smtputf8=False)
    assert str(make_header(decode_header(phrase.replace("\r\n", "")))) == name
    assert phrase.isascii()
    assert max(map(len, phrase.split("\r\n "))) <= 75


@given(st.lists(st.text(max_size=30), max_size=4), st.booleans())
def test_no_name_breaks_out_of_its_field(words, smtputf8):
    phrase = display_phrase(words, smtputf8=smtputf8)
    value = f"{phrase} <alice@example.com>".encode()
    authors = read_authors([value])
    assert authors.is_readable
    assert [author.address for author in authors.mailboxes] == ["alice@example.com"]
    assert all(line.startswith(b" ") for line in value.split(b"\r\n")[1:])
    assert b"\n" not in value.replace(b"\r\n", b"")
