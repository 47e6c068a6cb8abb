# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from postward.observability.event import Event, Level, LineLimits
from postward.observability.json_line import format_json


def line(limits=None, **fields):
    event = Event(name="test.event", level=Level.INFO, time_s=1_700_000_000.0, fields=fields)
    return format_json(event, limits or LineLimits())


def test_an_event_is_one_object_in_its_order():
    assert line(b="x", a=["y"], c=None, d={"S": 0.5}, e=True, f=2) == (
        '{"ts":"2023-11-14T22:13:20.000Z","level":"info","event":"test.event","b":"x","a":["y"],'
        '"d":{"S":0.5},"e":true,"f":2}'
    )


def test_what_plain_json_lets_through_is_escaped():
    written = line(text="\u2028\u202e\x7f\x00\U000e0041ü")
    assert written.endswith(r'"text":"\u2028\u202e\u007f\u0000\udb40\udc41ü"}')
    assert json.loads(written)["text"] == "\u2028\u202e\x7f\x00\U000e0041ü"


def test_bytes_that_are_not_utf8_are_spelt_out():
    assert json.loads(line(text="a\udcffb"))["text"] == r"a\xffb"


def test_numbers_that_json_does_not_have_become_null():
    assert json.loads(line(a=float("inf"), b={"S": float("nan")})) | {"ts": 0} == {
        "ts": 0, "level": "info", "event": "test.event", "a": None, "b": {"S": None},
    }  # fmt: skip


def test_a_line_that_would_be_too_long_loses_whole_fields_and_says_so():
    written = line(LineLimits(max_line_bytes=160), first="1", big="x" * 300, last="2")
    assert len(written.encode()) < 160
    fields = json.loads(written)
    assert (fields["first"], fields["last"], fields["truncated"]) == ("1", "2", True)
    assert "big" not in fields


@given(st.lists(st.text(st.characters()), max_size=4), st.text(st.characters()))
def test_whatever_comes_is_one_printable_line_of_json(texts, text):
    limits = LineLimits(max_value_chars=40, max_items=3, max_line_bytes=900)
    written = line(limits, texts=texts, text=text)
    assert written.isprintable()
    assert len(written.encode()) < 900
    assert json.loads(written)["event"] == "test.event"
