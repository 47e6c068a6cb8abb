# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dkim.canonical_header import canonical_field, canonical_signature_field, relax_value
from postward.model.header import HeaderField
from tests.signatures import reference

NAMES = st.from_regex(rb"[A-Za-z-]{1,10}[ \t]{0,2}", fullmatch=True)
VALUES = st.lists(st.sampled_from([b" ", b"\t", b"\r\n ", b"\r\n\t", b"x", b"\r", b"\n", b"\x0b", b"\xff", b":"])).map(
    b"".join
)


@pytest.mark.parametrize(
    ("name", "value", "simple", "relaxed"),
    [
        (b"A", b" X", b"A: X\r\n", b"a:X\r\n"),
        (b"B ", b" Y\t\r\n\tZ  ", b"B : Y\t\r\n\tZ  \r\n", b"b:Y Z\r\n"),
        (b"Subject \t", b"", b"Subject \t:\r\n", b"subject:\r\n"),
        (b"X", b" \t \r\n \t ", b"X: \t \r\n \t \r\n", b"x:\r\n"),
        (b"X", b"a\r\n b", b"X:a\r\n b\r\n", b"x:a b\r\n"),
    ],
)
def test_forms(name, value, simple, relaxed):
    field = HeaderField(name, value)
    assert canonical_field(field, "simple") == simple
    assert canonical_field(field, "relaxed") == relaxed


@given(NAMES, VALUES)
def test_like_the_reference(name, value):
    field = HeaderField(name, value)
    for canonicalization, expected in reference.FIELDS.items():
        assert canonical_field(field, canonicalization) == expected(name, value)


def test_the_signature_has_no_line_end():
    field = HeaderField(b"DKIM-Signature", b" v=1; b=abc\r\n\t;")
    assert canonical_signature_field(field, b" v=1; b=;", "simple") == b"DKIM-Signature: v=1; b=;"
    assert canonical_signature_field(field, b" v=1; b=;", "relaxed") == b"dkim-signature:v=1; b=;"


def test_a_megabyte_of_white_space():
    assert relax_value(b"a" + b" " * 1_000_000 + b"b" + b"\r\n\t" * 300_000) == b"a b"
