# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.observability.escape import escape, shorten, without_surrogates


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain tèxt 漢字 🙂", "plain tèxt 漢字 🙂"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\x00\x1b[31m\x7f", r"\x00\x1b[31m\x7f"),
        ("\x85\x9b", r"\u0085\u009b"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("tag\U000e0041", r"tag\U000e0041"),
        (b"raw \xff\x80".decode("utf-8", "surrogateescape"), r"raw \xff\x80"),
        ("\ud83d", r"\ud83d"),
        ("no\u00a0break", r"no\u00a0break"),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(text, escaped):
    assert escape(text) == escaped


def test_characters_asked_for_are_spelt_out_too():
    assert escape('a,b"c', also=',"') == r"a\x2cb\x22c"


def test_long_text_is_cut_and_says_so():
    assert shorten("abcdef", 3) == "abc…"
    assert shorten("abc", 3) == "abc"


@given(st.text(st.characters()))
def test_the_result_is_always_one_printable_line(text):
    assert escape(text).isprintable()
    without_surrogates(text).encode()


def test_only_surrogates_are_replaced_for_json():
    assert without_surrogates("a\u2028\udcff\ud800") == "a\u2028\\xff\\ud800"
