# SPDX-License-Identifier: GPL-3.0-or-later
"""Base64 in tag values: white space anywhere (RFC 6376 section 2.10), and nothing else that RFC 4648 does not have."""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64

from postward.authn.dkim.tag_list import without_white_space

__all__ = ["Base64Error", "decode_base64"]

_GROUP = 4


def decode_base64(value: bytes) -> bytes:
    """Octets of a value; raises ``Base64Error`` where padding is missing or too much, or another character stands."""
    text = without_white_space(value)
    # strict_mode lets a surplus "=" pass where the text before it is complete.
    digits = len(text.rstrip(b"="))
    if len(text) - digits != -digits % _GROUP:
        raise Base64Error("wrong padding")
    return a2b_base64(text, strict_mode=True)
