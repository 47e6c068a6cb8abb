# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.observability.event import Event, Level, LineLimits
from postward.observability.logfmt import format_logfmt, quote

LIMITS = LineLimits()
PAIR = re.compile(r'([a-z]+)=(?:"(?:[^"\\]|\\.)*"|[^\s"=\\]+)')
"""What logfmt readers take for one pair."""


def event(**fields):
    return Event(name="test.event", level=Level.WARNING, time_s=1_700_000_000.25, fields=fields)


def line(limits=LIMITS, **fields):
    return format_logfmt(event(**fields), limits)


def test_time_level_and_name_come_first_and_fields_keep_their_order():
    assert line(zebra=1, ant="x") == "ts=2023-11-14T22:13:20.250Z level=warning event=test.event zebra=1 ant=x"


def test_the_journal_gets_no_time():
    assert format_logfmt(event(a=1), LIMITS, timed=False) == "level=warning event=test.event a=1"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("two words", '"two words"'),
        ("", '""'),
        ('say "x"', r'"say \"x\""'),
        ("a=b", '"a=b"'),
        (r"back\slash", r'"back\\slash"'),
        ("line\nbreak", r'"line\nbreak"'),
        ("\u202edcba", r'"\u202edcba"'),
        ("ünï", "ünï"),
        (True, "true"),
        (3, "3"),
        (1.5, "1.5"),
        (2.0, "2"),
        (-0.12345, "-0.123"),
        (float("nan"), "nan"),
        (["a", "b"], "a,b"),
        ([], '""'),
        (["a,b", "c"], r'"a\\x2cb,c"'),
        ({"SPF_PASS": -0.5, "X": 2}, "SPF_PASS:-0.5,X:2"),
    ],
)
def test_values(value, written):
    assert line(key=value).endswith(f" event=test.event key={written}")


def test_none_is_left_out():
    assert "key" not in line(key=None)


def test_a_long_value_and_a_long_list_are_cut():
    limits = LineLimits(max_value_chars=4, max_items=2)
    assert line(limits, key="abcdefgh").endswith("key=abcd…")
    assert line(limits, key=["a", "b", "c"]).endswith("key=a,b,…")


def test_a_line_that_would_be_too_long_loses_whole_fields_and_says_so():
    written = line(LineLimits(max_line_bytes=150), first="x" * 30, big='"' * 200, last="y")
    assert len(written.encode()) < 150
    assert written.endswith(f"first={'x' * 30} last=y truncated=true")


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(st.characters()) | st.lists(st.text(st.characters()))))
def test_nothing_from_outside_breaks_the_line(fields):
    limits = LineLimits(max_value_chars=50, max_items=5, max_line_bytes=1000)
    written = line(limits, **fields)
    assert written.isprintable()
    assert len(written.encode()) < 1000
    assert re.fullmatch(rf"{PAIR.pattern}(?: {PAIR.pattern})*", written)
    keys = [match[1] for match in PAIR.finditer(written)]
    # What does not fit is left out whole.
    kept = [*(key for key in fields if key in keys), "truncated"] if keys[-1] == "truncated" else list(fields)
    assert keys == ["ts", "level", "event", *kept]


@pytest.mark.parametrize("text", ["\U0010ffff", "\udcff", '"', "é"])
def test_long_lists_of_odd_characters_do_not_make_a_line_too_long(text):
    limits = LineLimits(max_value_chars=50, max_items=5, max_line_bytes=1000)
    written = line(limits, a=[text * 50] * 9, b=text * 99, c="x")
    assert len(written.encode()) < 1000
    assert " c=x" in written


@given(st.text(st.characters()))
def test_a_quoted_value_is_one_word(text):
    assert PAIR.fullmatch(f"key={quote(text)}")
