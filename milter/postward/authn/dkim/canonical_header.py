# SPDX-License-Identifier: GPL-3.0-or-later
"""Header canonicalisation, simple and relaxed (RFC 6376 sections 3.4.1 and 3.4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.header import HeaderField


def canonical_field(field: HeaderField, canonicalization: str) -> bytes:
    """One field as it is hashed, closing CRLF included; ``canonicalization`` is "simple" or "relaxed"."""
    if canonicalization == "simple":
        return field.raw
    return field.key + b":" + relax_value(field.value) + b"\r\n"


def canonical_signature_field(field: HeaderField, unsigned_value: bytes, canonicalization: str) -> bytes:
    """The signature's own field with the value of b= removed, and without closing CRLF (section 3.7)."""
    if canonicalization == "simple":
        return field.name + b":" + unsigned_value
    return field.key + b":" + relax_value(unsigned_value)


def relax_value(value: bytes) -> bytes:
    """Unfold, reduce each run of white space to one space, and strip both ends; CR or LF alone are data."""
    if b"\r\n" in value:
        value = value.replace(b"\r\n", b"")
    if b"\t" in value:
        value = value.replace(b"\t", b" ")
    if b"  " in value:
        value = b" ".join(filter(None, value.split(b" ")))
    return value.strip(b" ")
