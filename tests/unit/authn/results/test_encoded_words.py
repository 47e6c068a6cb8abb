# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.results.encoded_words import decode_encoded_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?a=20b_c?= d", "a b c d"),
        ("=?ISO-8859-1*de?Q?=FC?=", "\xfc"),
        ("=?utf-8?b?w7w=?=", "\xfc"),
        ("=?utf-8?B?w7w?=", "\xfc"),
        ("=?utf-8?q?a?=\r\n =?utf-8?q?b?= =?utf-8?q?c?= d", "abc d"),
        ("=?utf-8?q?=ff?=", "\ufffd"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?rot13?q?a?=", "=?rot13?q?a?="),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
    ],
)
def test_decoded(text, expected):
    assert decode_encoded_words(text) == expected


@given(st.text("=?qb_ -utf8idna.A\udcff", max_size=60))
def test_never_raises(text):
    assert isinstance(decode_encoded_words(text), str)
