# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import encodings.aliases
from encodings import _cache  # what the look-up of the standard library remembers for ever

import pytest

from postward.mime.charsets import codec_of, decode_text


@pytest.mark.parametrize(
    ("octets", "label", "text"),
    [
        (b"\xc3\xbc", "utf-8", "\xfc"),
        (b"\xc3\xbc", "UTF8", "\xfc"),
        (b"\xff", "utf-8", "\ufffd"),
        (b"\xc3\xbc", "", "\xfc"),
        (b"\xfc", "", "\xfc"),
        (b"\x80", "us-ascii", "\u20ac"),
        (b"\x80", "ISO-8859-1", "\u20ac"),
        (b"\xa4", "iso-8859-15", "\u20ac"),
        (b"\xb1", "Windows-1250", "\xb1"),
        (b"\xb1\xe2", "ks_c_5601-1987", "\uae30"),
        (b'\x1b$B$"\x1b(B', "ISO-2022-JP", "\u3042"),
        (b"\xc4\xe3", "gb2312", "\u4f60"),
        (b"+2AA-", "utf-7", "\ufffd"),
        (b"+2D3cqQ-", "utf-7", "\U0001f4a9"),
        (b"a\0", "utf-16le", "a"),
        (b"\xff", "x-own", "\xff"),
        (b"\xc3\xbc, and cut \xe2\x82", "", "\xfc, and cut \ufffd"),
        (b"caf\xe9", "", "caf\xe9"),
    ],
)
def test_decoded(octets, label, text):
    assert decode_text(octets, label) == text


@pytest.mark.parametrize(
    "label",
    [
        "idna",
        "punycode",
        "unicode_escape",
        "raw-unicode-escape",
        "zlib",
        "hex",
        "rot13",
        "undefined",
        "mbcs",
        "x" * 10_000,
        "\0",
    ],
)
def test_what_is_no_charset_of_mail_is_unknown(label):
    assert codec_of(label) is None
    assert decode_text(b"a\xe9", label) == "a\xe9"


def test_every_known_label_decodes_any_octets():
    for label in (*encodings.aliases.aliases, "iso-8859-8-i", "iso-8859-16", "windows-1252"):
        text = decode_text(bytes(range(256)) * 3, label)
        text.encode("utf-8")


def test_unknown_labels_are_not_remembered():
    before = len(_cache)
    for number in range(100):
        decode_text(b"x", f"x-never-{number}")
    assert len(_cache) == before


@pytest.mark.parametrize(
    ("label", "octets", "text"),
    [
        ("windows-31j", b"\x87\x40", "\u2460"),
        ("x-cp1251", b"\xcf", "\u041f"),
        ("cp-850", b"\x81", "\xfc"),
        ("x-mac-roman", b"\x9f", "\xfc"),
        ("dos-862", b"\x80", "\u05d0"),
        ("utf8mb4", b"\xc3\xbc", "\xfc"),
    ],
)
def test_names_that_programs_give_and_no_registry_has(label, octets, text):
    assert decode_text(octets, label) == text
