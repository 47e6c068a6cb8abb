# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on symbols, as composites have them: ``SPF_FAIL & !DKIM_PASS | (A & B)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_CHARACTERS = 1_000
MAX_DEPTH = 20
_TOKEN = re.compile(r"\s*(?:([A-Z][A-Z0-9_]*)|([&|!()]))")


@dataclass(frozen=True, slots=True)
class Present:
    """The symbol has been found."""

    name: str

    def holds(self, found: Collection[str]) -> bool:
        """Whether it is among them."""
        return self.name in found


@dataclass(frozen=True, slots=True)
class Not:
    """What does not hold."""

    part: Expression

    def holds(self, found: Collection[str]) -> bool:
        """Whether the part does not."""
        return not self.part.holds(found)


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Expression, ...]

    def holds(self, found: Collection[str]) -> bool:
        """Whether they do."""
        return all(part.holds(found) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Some:
    """One part holds at least."""

    parts: tuple[Expression, ...]

    def holds(self, found: Collection[str]) -> bool:
        """Whether one does."""
        return any(part.holds(found) for part in self.parts)


Expression = Present | Not | Every | Some


def read_expression(text: str) -> Expression:
    """Read a condition: names of symbols, ``!`` before ``&`` before ``|``, and parentheses.

    Raises UsageError, which says what is wrong in words.
    """
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"is longer than {MAX_CHARACTERS} characters")
    reader = _Reader(_tokens(text))
    expression = reader.some(0)
    if reader.next:
        raise UsageError(f"'{reader.next}' stands where & or | is expected")
    return expression


def names_in(expression: Expression) -> frozenset[str]:
    """The symbols that it asks for."""
    match expression:
        case Present(name):
            return frozenset({name})
        case Not(part):
            return names_in(part)
        case Every(parts) | Some(parts):
            return frozenset().union(*map(names_in, parts))


def _tokens(text: str) -> list[str]:
    tokens, position, stripped = [], 0, text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            rest = stripped[position:].lstrip()
            raise UsageError(f"'{rest[:20]}' is neither a symbol nor one of & | ! ( )")
        tokens.append(match[1] or match[2])
        position = match.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._position = 0

    @property
    def next(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else ""

    def some(self, depth: int) -> Expression:
        parts = [self._every(depth)]
        while self._take("|"):
            parts.append(self._every(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _every(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self._take("&"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise UsageError(f"goes deeper than {MAX_DEPTH}")
        if self._take("!"):
            return Not(self._one(depth + 1))
        if self._take("("):
            inner = self.some(depth + 1)
            if not self._take(")"):
                raise UsageError("a parenthesis is not closed")
            return inner
        word = self.next
        if not word:
            raise UsageError("ends where a symbol is expected")
        if word in "&|)":
            raise UsageError(f"'{word}' stands where a symbol is expected")
        self._position += 1
        return Present(word)

    def _take(self, word: str) -> bool:
        if self.next != word:
            return False
        self._position += 1
        return True
