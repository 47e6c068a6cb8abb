# SPDX-License-Identifier: GPL-3.0-or-later
"""Comments and folding white space (RFC 5322 section 3.2.2), skipped in linear time however they are malformed."""

from __future__ import annotations

import re

_BLANK = re.compile(r"[\x00-\x20\x7f]*+")
_COMMENT_STOP = re.compile(r"\\.|[()]", re.DOTALL)
_QUOTED = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_PAIR = re.compile(r"\\(.)", re.DOTALL)


def skip_cfws(text: str, position: int) -> int:
    """Give the position of the first character that is neither white space, control character nor comment.

    An unterminated comment goes on to the end.
    """
    while True:
        match = _BLANK.match(text, position)
        position = match.end() if match else position
        if not text.startswith("(", position):
            return position
        position = _comment_end(text, position + 1)


def read_quoted(text: str, position: int) -> tuple[str, int] | None:
    """Read the quoted string at ``position``: its content, and where it ends; None where it is not terminated."""
    match = _QUOTED.match(text, position)
    return (_PAIR.sub(r"\1", match.group(1)), match.end()) if match else None


def _comment_end(text: str, position: int) -> int:
    depth = 1
    for match in _COMMENT_STOP.finditer(text, position):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(text)
