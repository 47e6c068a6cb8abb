# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a signature field: tags, folded, and b= at the end (RFC 6376 sections 3.2 and 3.5)."""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_COLUMNS = 78
"""RFC 5322 section 2.1.1: what a line should not exceed; a longer domain stands on a line of its own all the same."""

_FOLD = b"\r\n "
_FOLD_COLUMNS = 1
_COLON = ":"


def unsigned_text(field_name: str, tags: Sequence[tuple[str, str]]) -> bytes:
    """The field's value without the leading space, up to and with ``b=``; only lists with colons break within a tag."""
    column = len(field_name) + len(": ")
    text = bytearray()
    for index, (name, value) in enumerate(tags):
        space = b" " if index else b""
        for piece in _pieces(f"{name}={value};"):
            if column + len(space) + len(piece) > MAX_COLUMNS and text:
                space = _FOLD
                column = 0
            text += space + piece
            column += len(space.removeprefix(b"\r\n")) + len(piece)
            space = b""
    # On a line of its own, so that no white space follows the equals sign: verifiers differ in whose it is.
    return bytes(text) + _FOLD + b"b="


def with_signature(unsigned: bytes, signature: bytes) -> bytes:
    """The value with the signature as its b=, in base64 and folded."""
    digits = encode_base64(signature).encode("ascii")
    first = MAX_COLUMNS - _FOLD_COLUMNS - len(b"b=")
    lines = [digits[:first]]
    width = MAX_COLUMNS - _FOLD_COLUMNS
    lines += (digits[start : start + width] for start in range(first, len(digits), width))
    return unsigned + _FOLD.join(lines)


def encode_base64(octets: bytes) -> str:
    """Base64 on one line."""
    return b2a_base64(octets, newline=False).decode("ascii")


def _pieces(tag: str) -> Iterator[bytes]:
    """Between these a line may end; white space around the colons of a list does not count (section 3.5, h=)."""
    *items, last = tag.split(_COLON)
    yield from (f"{item}{_COLON}".encode("ascii") for item in items)
    yield last.encode("ascii")
