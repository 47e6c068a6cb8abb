# SPDX-License-Identifier: GPL-3.0-or-later
"""Content-Transfer-Encoding (RFC 2045 section 6): something comes of any octets and any name."""

from __future__ import annotations

import binascii
import re
from itertools import islice

IDENTITY = frozenset({"", "7bit", "8bit", "binary"})
_UUENCODE = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
KNOWN = IDENTITY | {"base64", "quoted-printable"} | _UUENCODE
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_RUBBISH = bytes(set(range(256)) - set(_ALPHABET))
_LEFT_OVER = re.compile(rb"^[A-Za-z0-9+/]{16,}+={0,2}[ \t]*+\r?$", re.MULTILINE)
_BLANK_BEFORE_BREAK = re.compile(rb"=[ \t]++(?=\r?\n)")
_UU_BEGIN = re.compile(rb"^begin [^\n]*+\n", re.MULTILINE)
_MAX_UU_LINES = 400_000
_PADDING = re.compile(rb"=[=\s]*+")
_PADDING_AND_RUBBISH = re.compile(rb"=[^A-Za-z0-9+/]*+")
_MAX_RUNS = 1_000
_QUANTUM = 4


def decode_transfer(octets: bytes, encoding: str) -> bytes:
    """Undo that encoding; an unknown one is left as it is."""
    if encoding == "base64":
        return decode_base64(octets)
    if encoding == "quoted-printable":
        return _decode_quoted(octets)
    return _decode_uu(octets) if encoding in _UUENCODE else octets


def decode_base64(octets: bytes) -> bytes:
    """Decode; what is not of the alphabet is left out.  What follows behind the padding counts where it is base64."""
    if goes_on_behind_padding(octets):
        return b"".join(map(_decode_run, _PADDING.split(octets, _MAX_RUNS)))
    octets = _until_padding(octets)
    try:
        return binascii.a2b_base64(octets)
    except binascii.Error:
        return _decode_run(octets)


def _until_padding(octets: bytes) -> bytes:
    """Up to the padding that ends the data, as most readers see it; binascii reads on in newer versions of Python."""
    digits = begin = 0
    for padding in islice(_PADDING_AND_RUBBISH.finditer(octets), _MAX_RUNS):
        digits += len(octets[begin : padding.start()].translate(None, _RUBBISH))
        begin = padding.end()
        left = digits % _QUANTUM
        if left >= 2 and left + padding[0].count(b"=") >= _QUANTUM:  # noqa: PLR2004 - an octet takes two digits
            return octets[:begin]
    return octets


def _decode_run(octets: bytes) -> bytes:
    clean = octets.translate(None, _RUBBISH)
    if len(clean) % _QUANTUM == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"==")


def goes_on_behind_padding(octets: bytes) -> bool:
    """Tell whether there is more base64 behind the padding, which some readers decode and some do not."""
    padding = octets.find(b"=")
    return padding >= 0 and _LEFT_OVER.search(octets, padding) is not None


def _decode_quoted(octets: bytes) -> bytes:
    if b"= " in octets or b"=\t" in octets:
        octets = _BLANK_BEFORE_BREAK.sub(b"=", octets)
    return binascii.a2b_qp(octets)


def _decode_uu(octets: bytes) -> bytes:
    """Decode the lines behind ``begin``, as many as a writer needs for a large file."""
    start = _UU_BEGIN.search(octets)
    at = start.end() if start is not None else 0
    decoded = bytearray()
    for _ in range(_MAX_UU_LINES):
        end = octets.find(b"\n", at)
        line = octets[at : end if end >= 0 else len(octets)].rstrip(b"\r")
        if line == b"end":
            break
        decoded += _decode_uu_line(line)
        if end < 0:
            break
        at = end + 1
    return bytes(decoded)


def _decode_uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Writers with a bug add octets behind those that the first one announces.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
    try:
        return binascii.a2b_uu(line[:length])
    except binascii.Error:
        return b""
