# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of operators, by RE2: linear in the text, whatever the pattern."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import re2

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_PATTERN_CHARS = 10_000
_MAX_MEMORY_BYTES = 8 << 20
_LITERAL_BYTES, _PATTERN_BYTES = 2 << 10, 128 << 10
"""What one more word or pattern may add to the memory of a set."""
_MAX_SET_BYTES = 64 << 20
_SENTINEL = "\x01postward\x02"
"""What stands in every set, to see that it works, and in no message."""
_HINTS = (
    ("(?=", "RE2 has no look-ahead: write what must follow as a condition of its own below all"),
    ("(?!", "RE2 has no look-ahead: write what must not be there as a condition below unless or none"),
    ("(?<", "RE2 has no look-behind: write it as a condition of its own, below all, none or unless"),
    ("(?P=", "RE2 has no back-references"),
    ("(?>", "RE2 has no atomic groups; it needs none, for it takes linear time"),
    ("(?#", "RE2 has no comments within patterns"),
    ("++", "RE2 has no possessive repetition; it needs none, for it takes linear time"),
    ("*+", "RE2 has no possessive repetition; it needs none, for it takes linear time"),
    ("?+", "RE2 has no possessive repetition; it needs none, for it takes linear time"),
    ("\\Z", "the end of the text is \\z"),
    ("\\h", "RE2 has no \\h: write [ \\t]"),
    ("\\R", "RE2 has no \\R: write \\r?\\n"),
    ("\\K", "RE2 has no \\K"),
    ("\\G", "RE2 has no \\G"),
    ("\\u", "write \\x{20AC} for a character by its number"),
)
_SIZE_HINT = "RE2 repeats at most 1000 times; a shorter repetition, or none, is usually meant"


class PatternError(ValueError):
    """RE2 does not take the pattern; ``hint`` says what to write in its place."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint


class Pattern:
    """One compiled pattern."""

    def __init__(self, source: str) -> None:
        """Raise PatternError."""
        if len(source) > MAX_PATTERN_CHARS:
            raise PatternError(f"is longer than {MAX_PATTERN_CHARS} characters")
        self.source = source
        try:
            self._compiled = re2.compile(_octets(source), _options())
        except re2.error as error:
            problem = _problem(error)
            raise PatternError(f"is no pattern of RE2: {problem}", _hint(source, problem)) from None
        self._groups: Mapping[bytes, int] = self._compiled.groupindex

    @property
    def groups(self) -> frozenset[str]:
        """Names of its groups."""
        return frozenset(name.decode("utf-8") for name in self._groups)

    @property
    def matches_empty(self) -> bool:
        """Whether it finds something in no text at all."""
        return self.search("") is not None

    def search(self, text: str) -> Mapping[str, str] | None:
        """Find it anywhere in the text: the named groups that took part, and None where it is not there."""
        found = self._compiled.search(_octets(text))
        if found is None:
            return None
        pieces = ((name, found[index]) for name, index in self._groups.items())
        return {name.decode("utf-8"): piece.decode("utf-8", "replace") for name, piece in pieces if piece is not None}


class PatternSet:
    """Many patterns, of which those that are found are told in one pass."""

    def __init__(self, sources: Sequence[str], *, are_literal: bool = False) -> None:
        """Raise PatternError where they are too much together."""
        memory_bytes = _MAX_MEMORY_BYTES + len(sources) * (_LITERAL_BYTES if are_literal else _PATTERN_BYTES)
        options = _options(min(memory_bytes, _MAX_SET_BYTES))
        options.literal = are_literal
        self._set = re2.Set.SearchSet(options)
        try:
            for source in (*sources, _SENTINEL):
                self._set.Add(_octets(source))
            self._set.Compile()
        except re2.error as error:
            raise PatternError(_problem(error)) from None
        # A set that is too large for its memory finds nothing, and does not say so.
        if len(sources) not in (self._set.Match(_octets(_SENTINEL)) or ()):
            raise PatternError("the patterns are too much for one set")
        self._count = len(sources)

    def found_in(self, text: str) -> Sequence[int]:
        """Give the indexes of the patterns that are in the text."""
        found = self._set.Match(_octets(text)) or ()
        return [index for index in found if index < self._count]


@lru_cache(maxsize=1024)
def compiled(source: str) -> Pattern:
    """Compile a pattern once; raises PatternError."""
    return Pattern(source)


def is_found(pattern: str, text: str) -> bool:
    """Whether a pattern, which was checked when its rule was compiled, is in the text."""
    return compiled(pattern).search(text) is not None


def _options(max_memory_bytes: int = _MAX_MEMORY_BYTES) -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = max_memory_bytes
    return options


def _octets(text: str) -> bytes:
    # Lone surrogates (PEP 383) stand for octets that are no text; they match nothing that an operator writes.
    return text.encode("utf-8", "replace")


def _problem(error: Exception) -> str:
    detail = error.args[0] if error.args else ""
    return detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)


def _hint(source: str, problem: str) -> str:
    if "repetition size" in problem:
        return _SIZE_HINT
    if "\\" in problem and any(f"\\{digit}" in problem for digit in range(1, 10)):
        return "RE2 has no back-references"
    for mark, hint in _HINTS:
        if mark in problem or (mark in source and problem.startswith("invalid")):
            return hint
    return ""
