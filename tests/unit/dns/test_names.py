# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.dns.names import to_ascii

LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("localhost", "localhost"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("faß.example", "xn--fa-hia.example"),
        ("\u2603.example", "xn--n3h.example"),
        ("\U0001f4a9\ufe0f.example", "xn--ls8h.example"),
        ("a b+c=d.example", "a b+c=d.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        (LONGEST, LONGEST),
        (LONGEST + ".", LONGEST),
    ],
)
def test_a_name_becomes_a_labels_in_lower_case(name, expected):
    assert to_ascii(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "a..b",
        ".a",
        "a..",
        "a" * 64 + ".example",
        LONGEST + "d",
        "ü" * 60 + ".example",
        "\ud800.example",
        "us\udce9r.example",
        "\u200d.example",
        "\u2603\u202e.example",
        "\u2603" * 60 + ".example",
        "-\u2603.example",
        "xn--\u00fc.example",
        "ü" * 100_000,
        "a" * 100_000,
    ],
)
def test_what_cannot_be_a_name_is_none(name):
    assert to_ascii(name) is None


@given(st.text(max_size=300))
def test_whatever_comes_out_could_be_asked_for(name):
    result = to_ascii(name)
    if result is not None:
        assert result.isascii()
        assert result == result.lower()
        assert len(result) <= 253
        assert all(1 <= len(label) <= 63 for label in result.split("."))
        assert to_ascii(result) == result
