# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance numbers: the tag i= of the three ARC header fields (RFC 8617 section 4.2.1)."""

from __future__ import annotations

import re

from postward.authn.arc.errors import ChainError
from postward.authn.arc.settings import MAX_SETS

_DIGITS = re.compile(rb"[0-9]{1,2}")
# A backslash takes the octet behind it with it (RFC 5322 section 3.2.1).
_COMMENT_MARK = re.compile(rb"\\.|[()]", re.DOTALL)
_WHITE_SPACE = b" \t\r\n"
_MAX_COMMENTS = 8


def read_instance(value: bytes | None, field: str) -> int:
    """Number in the value of a tag i=; raises ``ChainError`` where it is not from 1 to 50."""
    if value is None or not _DIGITS.fullmatch(value) or not 1 <= int(value) <= MAX_SETS:
        raise ChainError(f"{field} has no valid i=")
    return int(value)


def split_results(value: bytes) -> tuple[int, bytes]:
    """Instance and results of an ARC-Authentication-Results value; raises ``ChainError``.

    The field is no tag list: ``i=N;`` comes first, comments may stand between its parts (section 4.1.1), and what
    follows is the business of RFC 8601.
    """
    begin, results = _split_at_semicolon(value)
    name, equals, instance = begin.partition(b"=")
    if not equals or name.strip(_WHITE_SPACE) != b"i":
        raise ChainError("ARC-Authentication-Results does not begin with i=")
    return read_instance(instance.strip(_WHITE_SPACE), "ARC-Authentication-Results"), results


def _split_at_semicolon(value: bytes) -> tuple[bytes, bytes]:
    """The text before the first semicolon outside comments, without them, and the text behind it."""
    kept: list[bytes] = []
    rest = value
    for _ in range(_MAX_COMMENTS + 1):
        text, parenthesis, after = rest.partition(b"(")
        head, semicolon, _ = text.partition(b";")
        kept.append(head)
        if semicolon:
            return b"".join(kept), rest[len(head) + 1 :]
        if not parenthesis:
            break
        rest = _behind_comment(after)
    raise ChainError("ARC-Authentication-Results does not begin with i=")


def _behind_comment(text: bytes) -> bytes:
    """What follows the comment whose opening parenthesis stands just before ``text``; empty where it never ends."""
    depth = 1
    position = 0
    while depth and (match := _COMMENT_MARK.search(text, position)):
        position = match.end()
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
    return b"" if depth else text[position:]
