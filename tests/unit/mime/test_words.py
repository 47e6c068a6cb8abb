# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.words import decode_words, encode_words


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b" folded\r\n and\r\n\tmore", " folded and\tmore"),
        (b"=?utf-8?b?w7w=?= =?UTF-8?B?w7w=?=", "\xfc\xfc"),
        (b"=?utf-8?q?=C3?=\r\n =?utf-8?q?=BC?=", "\xfc"),  # cut within a character
        (b"=?iso-8859-1?q?=FC?= =?utf-8?q?=C3=BC?=", "\xfc\xfc"),
        (b"a =?utf-8?q?b_c?= d", "a b c d"),
        (b"a=?utf-8?q?b?=c", "abc"),  # not allowed, but shown so
        (b"=?utf-8?Q?a b?=", "a b"),
        (b"=?utf-8*de?q?x?=", "x"),
        (b"=?x-unknown?q?x?= =?utf-8?q?y?=", "=?x-unknown?q?x?= y"),
        (b"=?utf-8?b?w7w?=", "\xfc"),
        (b"=?utf-8?b?!!!?=", ""),
        (b"=?utf-8?q?=0D=0ABcc:_x=00?=", "  Bcc: x "),
        (b"a\rb\nc\0d", "a b c d"),
        (b"\xfc \xe9", "\xfc \xe9"),
        (b"\xc3\xbc", "\xfc"),
        (b"=?utf-7?q?+2AA-?=", "\ufffd"),
        (b"=?=?q?utf-8?q?x?=", "=?=?q?utf-8?q?x?="),
        (b"=?", "=?"),
    ],
)
def test_decoded(raw, text):
    assert decode_words(raw) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain text", b"plain text"),
        ("Gr\xfc\xdfe an alle", b"=?utf-8?b?R3LDvMOfZQ==?= an alle"),
        ("an organisation\xe9 word", b"an =?utf-8?q?organisation=C3=A9?= word"),
        ("\xfc \xfc x", b"=?utf-8?b?w7wgw7w=?= x"),
        ("=?x", b"=?utf-8?b?PT94?="),
        ("a\r\nBcc: b", b"a Bcc: b"),
        ("", b""),
    ],
)
def test_encoded_only_where_needed(text, value):
    assert encode_words(text) == value


@pytest.mark.parametrize(
    "text", ["\xfc" * 400, "\U0001f4a9 " * 60 + "x", "x" * 2_000, "word " * 400 + "x", "\xfc x " * 90 + "x"]
)
def test_long_text_is_folded_and_comes_back(text):
    value = encode_words(text)
    assert max(map(len, value.split(b"\r\n "))) <= 76
    assert b"\n" not in value.replace(b"\r\n ", b"")
    assert decode_words(value) == text


def test_blanks_at_the_ends_are_kept_where_all_is_encoded():
    assert decode_words(encode_words(" \xfc ", whole=True) + b" =?utf-8?q?x?=") == " \xfc x"


def test_half_of_a_pair_is_replaced():
    assert encode_words("a \ud800") == b"a ?"
