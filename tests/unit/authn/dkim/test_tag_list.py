# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dkim.tag_list import (
    MAX_TAGS,
    TagListError,
    parse_tag_list,
    split_list,
    without_value,
    without_white_space,
)

NAMES = st.from_regex(rb"[A-Za-z][A-Za-z0-9_]{0,5}", fullmatch=True)
VALUES = st.from_regex(rb"([!-:<-~\x80-\xff]([ -:<-~]{0,20}[!-:<-~])?)?", fullmatch=True)
WHITE_SPACE = st.sampled_from([b"", b" ", b"\t", b"  ", b"\r\n ", b"\t\r\n\t"])


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (b"", {}),
        (b" \t", {}),
        (b"a=1", {b"a": b"1"}),
        (b"a=1;", {b"a": b"1"}),
        (b"a=1; ", {b"a": b"1"}),
        (b" a = 1 ;\r\n\tb\r\n =\r\n 2", {b"a": b"1", b"b": b"2"}),
        (b"a=", {b"a": b""}),
        (b"a==;b=c=d", {b"a": b"=", b"b": b"c=d"}),
        (b"a=1 2\r\n 3", {b"a": b"1 2\r\n 3"}),
        (b"a=1;A=2", {b"a": b"1", b"A": b"2"}),
        (b"x_1=gr\xc3\xbc\xc3\x9fe", {b"x_1": b"gr\xc3\xbc\xc3\x9fe"}),
    ],
)
def test_tags(text, tags):
    assert parse_tag_list(text) == tags


@pytest.mark.parametrize(
    "text",
    [
        b"a",
        b"a=1;;",
        b";",
        b"; a=1",
        b"a=1; ;b=2",
        b"=1",
        b"1a=1",
        b"_a=1",
        b"a-b=1",
        b"a b=1",
        b"a=1; a=2",
        b"a=1; b=2; a=1",
        b"a=\x00",
        b"a=\x7f",
        b"a=\x0b",
        b"a=1\r2",
        b"a=1\n2",
        b"a=1\r\n2",
        b"a=1\r\n",
        b"\xc3\xa4=1",
        b";".join(b"a%d=1" % number for number in range(MAX_TAGS + 1)),
    ],
)
def test_no_tag_list(text):
    with pytest.raises(TagListError):
        parse_tag_list(text)


def test_as_many_tags_as_are_allowed():
    text = b";".join(b"a%d=1" % number for number in range(MAX_TAGS))
    assert len(parse_tag_list(text)) == MAX_TAGS
    assert len(parse_tag_list(text + b"; ")) == MAX_TAGS


@given(st.dictionaries(NAMES, VALUES, max_size=8), st.data())
def test_whatever_is_written_is_read(tags, data):
    def space() -> bytes:
        return data.draw(WHITE_SPACE)

    pieces = [space() + name + space() + b"=" + space() + value + space() for name, value in tags.items()]
    assert parse_tag_list(b";".join(pieces) + data.draw(st.sampled_from([b"", b";" if pieces else b"", b" "]))) == tags


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(text):
    try:
        tags = parse_tag_list(text)
    except TagListError:
        return
    assert len(tags) <= MAX_TAGS


@pytest.mark.parametrize(
    ("text", "emptied"),
    [
        (b"b=abc", b"b="),
        (b"b=abc; a=1", b"b=; a=1"),
        (b"a=1; b = a\r\n bc ; bh=x", b"a=1; b =; bh=x"),
        (b"bh=b=c; b=a==\r\n\t", b"bh=b=c; b="),
        (b" a=1;\r\n\tb\r\n =abc;\r\n", b" a=1;\r\n\tb\r\n =;\r\n"),
        (b"B=1; bb=2; ab=3", b"B=1; bb=2; ab=3"),
        (b"b=", b"b="),
    ],
)
def test_only_the_value_of_b_is_removed(text, emptied):
    assert without_value(text, b"b") == emptied


def test_lists():
    assert split_list(b"a : b\r\n :c") == [b"a", b"b", b"c"]
    assert split_list(b"") == [b""]
    assert split_list(b"a::b") == [b"a", b"", b"b"]


def test_white_space():
    assert without_white_space(b" a\r\n\tb c\x0b") == b"abc\x0b"
