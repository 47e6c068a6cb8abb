# SPDX-License-Identifier: GPL-3.0-or-later
"""Tag lists: the ``name=value; name=value`` of signatures and key records (RFC 6376 section 3.2)."""

from __future__ import annotations

import re

from postward.errors import PermanentFailure

MAX_TAGS = 64
"""More than any signature or key has."""

FWS = b" \t\r\n"
"""What may stand around names and values, and be folded."""

_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_]*")
_CONTROL_CHARACTERS = bytes(octet for octet in (*range(0x20), 0x7F) if octet not in FWS)
_NOT_CONTROL_CHARACTERS = bytes(octet for octet in range(0x100) if octet not in _CONTROL_CHARACTERS)


class TagListError(PermanentFailure):
    """The text is not a tag list."""


def parse_tag_list(text: bytes) -> dict[bytes, bytes]:
    """Split ``text`` into its tags; values lose the white space around them, and only that.

    Names are case-sensitive.  Octets above 0x7f are allowed in values (RFC 8616).  Raises ``TagListError`` on an
    empty tag other than after the last semicolon, a name that is none, control characters, and a repeated name.
    """
    if text.translate(None, _NOT_CONTROL_CHARACTERS) or not _line_ends_are_folds(text):
        raise TagListError("control characters in a tag list")
    pieces = text.split(b";", MAX_TAGS + 1)
    if not pieces[-1].strip(FWS):
        pieces.pop()
    if len(pieces) > MAX_TAGS:
        raise TagListError("too many tags")
    tags: dict[bytes, bytes] = {}
    for piece in pieces:
        name, value = _split_tag(piece)
        # RFC 6376 section 3.2: tags with duplicate names make the entire list invalid.
        if name in tags:
            raise TagListError(f"duplicate tag {name.decode('ascii')}=")
        tags[name] = value
    return tags


def without_value(text: bytes, name: bytes) -> bytes:
    """Empty the value of tag ``name``, white space around it included, and leave every other octet (section 3.7)."""
    pieces = text.split(b";")
    for index, piece in enumerate(pieces):
        before, equals, _ = piece.partition(b"=")
        if equals and before.strip(FWS) == name:
            pieces[index] = before + equals
    return b";".join(pieces)


def split_list(value: bytes) -> list[bytes]:
    """Split a value at its colons, without the white space around the items."""
    return [item.strip(FWS) for item in value.split(b":")]


def without_white_space(value: bytes) -> bytes:
    """Remove the white space that folding may have put anywhere into a value."""
    return value.translate(None, FWS)


def _line_ends_are_folds(text: bytes) -> bool:
    """True where each CR and each LF is part of CRLF and white space (counting is faster than a regular expression)."""
    folds = text.count(b"\r\n ") + text.count(b"\r\n\t")
    return text.count(b"\r") == folds == text.count(b"\n")


def _split_tag(piece: bytes) -> tuple[bytes, bytes]:
    name, equals, value = piece.partition(b"=")
    name = name.strip(FWS)
    if not equals or not _NAME.fullmatch(name):
        raise TagListError("not a tag list")
    return name, value.strip(FWS)
