# SPDX-License-Identifier: GPL-3.0-or-later
"""Read an Authentication-Results value that somebody else wrote (RFC 8601 section 2.2), as it stands in an ARC set.

Tolerant of what is seen in practice (empty results, values that should have been quoted), in linear time and bounded.
A result that makes no sense is left out; comments are dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.results.cfws import read_quoted, skip_cfws
from postward.authn.results.method_result import KEYWORD, MethodResult

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_VALUE_BYTES = 65_536
"""A longer field is not read."""
MAX_RESULTS = 100
"""Results that are read at most."""
MAX_PROPERTIES = 50
"""Properties of one result that are read at most."""

_WORD = re.compile(r'[^\x00-\x20\x7f();"=]++')
_METHOD = re.compile(rf"({KEYWORD.pattern})(?:/[0-9]+)?")
_PROPERTY = re.compile(rf"({KEYWORD.pattern})\.({KEYWORD.pattern})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedResults:
    """What a field says; keywords in lower case."""

    authserv_id: str
    results: tuple[MethodResult, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    is_word: bool
    """A word or quoted string; else ``=`` or ``;``."""
    is_joined: bool
    """Nothing stands between it and the token before."""


def parse_results(value: bytes) -> ParsedResults | None:
    """Parse all after the colon (for ARC, after the instance); None where there is no authserv-id; never raises."""
    if len(value) > MAX_VALUE_BYTES:
        return None
    segments = _segments(value.decode("utf-8", "surrogateescape"))
    head = next(segments)
    if not head or not head[0].is_word:
        return None
    found = []
    for tokens in segments:
        result = _result(tokens)
        if result is not None:
            found.append(result)
        if len(found) == MAX_RESULTS:
            break
    return ParsedResults(authserv_id=head[0].text, results=tuple(found))


def _segments(text: str) -> Iterator[list[_Token]]:
    """The tokens between semicolons, at least one segment."""
    segment: list[_Token] = []
    for token in _tokens(text):
        if token.text == ";" and not token.is_word:
            yield segment
            segment = []
        else:
            segment.append(token)
    yield segment


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while True:
        start = skip_cfws(text, position)
        if start == len(text):
            return
        is_joined = start == position
        quoted = read_quoted(text, start)
        word = _WORD.match(text, start)
        if quoted is not None:
            content, position = quoted
            yield _Token(content, is_word=True, is_joined=is_joined)
        elif word is not None:
            position = word.end()
            yield _Token(word.group(), is_word=True, is_joined=is_joined)
        elif text[start] in "=;":
            position = start + 1
            yield _Token(text[start], is_word=False, is_joined=is_joined)
        else:
            # An unterminated quoted string or a stray parenthesis: what follows cannot be cut reliably.
            return


def _result(tokens: list[_Token]) -> MethodResult | None:
    """Read ``method=result`` and its properties; None where that is not what stands there."""
    pairs = _pairs(tokens)
    name, result = next(pairs, ("", ""))
    method = _METHOD.fullmatch(name)
    if method is None or not KEYWORD.fullmatch(result):
        return None
    reason = ""
    properties: list[tuple[str, str, str]] = []
    for name, value in pairs:
        match = _PROPERTY.fullmatch(name)
        if match is not None and len(properties) < MAX_PROPERTIES:
            properties.append((match.group(1).lower(), match.group(2).lower(), value))
        elif name.lower() == "reason":
            reason = value
    return MethodResult(
        method=method.group(1).lower(), result=result.lower(), reason=reason, properties=tuple(properties)
    )


def _pairs(tokens: list[_Token]) -> Iterator[tuple[str, str]]:
    """The ``name=value`` pairs of a segment."""
    position = 0
    while position < len(tokens):
        name = []
        while position < len(tokens) and tokens[position].is_word:
            name.append(tokens[position].text)
            position += 1
        position += 1
        if position >= len(tokens):
            return
        value = [tokens[position].text] if tokens[position].is_word else []
        position += len(value)
        # "local part"@domain, and values with an equals sign that were not quoted.
        while value and position < len(tokens) and tokens[position].is_joined:
            value.append(tokens[position].text)
            position += 1
        if name and value:
            yield _name(name), "".join(value)


def _name(words: list[str]) -> str:
    """Join what RFC 8601 section 2.2 lets stand apart, such as ``dkim / 1`` and ``header . d``; drop stray words."""
    start = len(words) - 1
    while start and (words[start - 1].endswith((".", "/")) or words[start].startswith((".", "/"))):
        start -= 1
    return "".join(words[start:])
