# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dkim.base64_value import Base64Error, decode_base64


@given(st.binary(max_size=100), st.integers(1, 20))
def test_folded(octets, width):
    text = b64encode(octets)
    folded = b"\r\n\t ".join(text[start : start + width] for start in range(0, len(text), width))
    assert decode_base64(folded) == octets


@pytest.mark.parametrize(
    "text",
    [b"A", b"AA", b"AAA", b"AA=", b"A===", b"AAAA=", b"AAAA====", b"=AAA", b"AA==AA==", b"AAA-", b"AA\x0bAA", b"!"],
)
def test_wrong(text):
    with pytest.raises(Base64Error):
        decode_base64(text)


def test_a_megabyte_of_spaces():
    assert decode_base64(b"AA" + b" " * 1_000_000 + b"==") == b"\x00"
