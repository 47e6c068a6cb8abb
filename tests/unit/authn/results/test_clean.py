# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.results.clean import MAX_TEXT_CHARACTERS, MAX_VALUE_BYTES, clean_text, clean_value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@example.com", "a@example.com"),
        ("a\r\nb\x00c\x7fd", "a??b?c?d"),
        ("b\xfccher", "b?cher"),
        ("\udcff", "?"),
        ("dkim=pass", "dkim:pass"),
        ("DMARC= \tPASS", "DMARC= ?PASS"),
        ("dkim=  pass", "dkim:  pass"),
        ("a=b", "a=b"),
    ],
)
def test_value(text, expected):
    assert clean_value(text) == expected


def test_smtputf8_lets_letters_through_but_nothing_invisible():
    assert clean_value("b\xfccher\u202e\x85\udcff", smtputf8=True) == "b\xfccher???"


def test_a_value_is_whole_or_left_out():
    assert clean_value("a" * MAX_VALUE_BYTES) == "a" * MAX_VALUE_BYTES
    assert clean_value("a" * (MAX_VALUE_BYTES + 1)) is None
    assert clean_value("\xfc" * (MAX_VALUE_BYTES // 2 + 1), smtputf8=True) is None


def test_text_needs_no_quoting():
    assert clean_text('a "b" (c) \\d; dkim=pass\r\n e') == "a 'b' [c] /d, dkim:pass e"


def test_long_text_is_cut():
    text = clean_text("a b " * 1000)
    assert len(text) <= MAX_TEXT_CHARACTERS
    assert text.endswith("...")
