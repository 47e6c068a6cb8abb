# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut the value of a From field into the tokens of RFC 5322 sections 3.2 and 4.4, in linear time.

Comments and folding white space are left out, but the token after them knows that they were there.  What no reader of
mail can be trusted to cut the same way (a control character, an unterminated string or comment) is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from postward.errors import PermanentFailure

MAX_COMMENT_DEPTH = 16
"""Comments nested deeper than that come from nobody who writes mail."""


class TokenKind(Enum):
    """What a token is."""

    ATOM = auto()
    QUOTED = auto()
    """A quoted string, with its quotes."""
    LITERAL = auto()
    """A domain literal, with its brackets."""
    SPECIAL = auto()
    """One of ``< > : ; @ , .``."""


@dataclass(frozen=True, slots=True)
class AddressToken:
    """One token, and whether white space or a comment stands before it."""

    kind: TokenKind
    text: str
    gap_before: bool


class AuthorSyntaxError(PermanentFailure):
    """The From field is not what RFC 5322 calls one; never leaves this package."""


# Folds are CRLF (or a bare LF) before white space; every other CR, LF or control character is refused, quoted or not:
# one reader stops at a NUL, another drops it.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n[ \t])|\n(?![ \t])")
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comment>\()
      | (?P<quoted>"[^"\\]*+(?:\\.[^"\\]*+)*+")
      | (?P<literal>\[[^\[\]\\]*+\])
      | (?P<special>[<>:;@,.])
      | (?P<atom>[^\x00-\x20"(),.:;<>@\[\\\]\x7f]++)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_STOP = re.compile(r"\\.|[()]", re.DOTALL)
_KINDS = {
    "quoted": TokenKind.QUOTED,
    "literal": TokenKind.LITERAL,
    "special": TokenKind.SPECIAL,
    "atom": TokenKind.ATOM,
}


def tokenize(text: str) -> list[AddressToken]:
    """Cut ``text`` into tokens; raises AuthorSyntaxError where that cannot be done.

    Atoms may hold anything beyond ASCII (RFC 6532 section 3.2), lone surrogates of PEP 383 included.  Encoded words
    (RFC 2047) are atoms like any other: they never stand for an address.
    """
    if _CONTROL.search(text):
        raise AuthorSyntaxError("control character")
    tokens: list[AddressToken] = []
    position = 0
    gap = False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise AuthorSyntaxError("unterminated or stray character")
        position = match.end()
        kind = _KINDS.get(match.lastgroup or "")
        if kind is not None:
            tokens.append(AddressToken(kind, match.group(), gap))
        elif match.lastgroup == "comment":
            position = _comment_end(text, position)
        gap = kind is None
    return tokens


def _comment_end(text: str, position: int) -> int:
    """Find the end of the comment whose opening parenthesis stands before ``position``."""
    depth = 1
    for match in _COMMENT_STOP.finditer(text, position):
        if match.group() == "(":
            depth += 1
        elif match.group() == ")":
            depth -= 1
        if depth == 0:
            return match.end()
        if depth > MAX_COMMENT_DEPTH:
            break
    raise AuthorSyntaxError("unterminated comment, or one nested too deeply")
