# SPDX-License-Identifier: GPL-3.0-or-later
"""Encoded words (RFC 2047), as a reader shows them who decodes every field, such as a Sieve filter (RFC 5228)."""

from __future__ import annotations

import base64
import binascii
import re

_WORD = re.compile(r"=\?([A-Za-z0-9._-]{1,40})(?:\*[A-Za-z0-9-]{0,40})?\?([BbQq])\?([^?]{0,512})\?=")
# RFC 2047 section 6.2: white space between two encoded words is not shown.
_GAP = re.compile(r"\?=[ \t\r\n]++(?==\?)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


def decode_encoded_words(text: str) -> str:
    """Replace what can be decoded; all else stays as it is.  Linear, never raises."""
    return _WORD.sub(_decoded, _GAP.sub("?=", text)) if "=?" in text else text


def _decoded(word: re.Match[str]) -> str:
    charset, encoding, content = word.groups()
    octets = content.encode("utf-8", "surrogateescape")
    try:
        if encoding in "Bb":
            octets = base64.b64decode(octets.rstrip(b"=") + b"=" * (-len(octets.rstrip(b"=")) % 4))
        else:
            octets = _HEX.sub(lambda pair: bytes([int(pair[1], 16)]), octets.replace(b"_", b" "))
        return octets.decode(charset, "replace")
    except (binascii.Error, LookupError, UnicodeError):
        return word.group()
