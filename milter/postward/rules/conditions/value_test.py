# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be asked of one value of an attribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from postward.rules.conditions.base import NO_CAPTURES
from postward.rules.patterns.words import find_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from postward.rules.patterns.re2_adapter import Pattern

_SHOWN_VALUES = 3


class ValueTest(Protocol):
    """One operator with its operand."""

    @property
    def asked(self) -> str:
        """Operator and operand in words."""
        ...

    @property
    def is_folded(self) -> bool:
        """Whether it wants the value in the form in which text is compared."""
        ...

    @property
    def captures(self) -> frozenset[str]:
        """Names of the groups that it may capture."""
        ...

    def test(self, value: str) -> Mapping[str, str] | None:
        """Captures where it holds, None where it does not."""
        ...

    def keys(self) -> tuple[str, frozenset[str]] | None:
        """How the index may look for it: the kind of key, and the keys of which one must be there."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """The whole value is one of several; all are folded."""

    operator: str
    values: frozenset[str]
    is_folded: bool = True
    captures: frozenset[str] = frozenset()

    @property
    def asked(self) -> str:
        """In words."""
        return f"{self.operator} {listed(self.values)}"

    def test(self, value: str) -> Mapping[str, str] | None:
        """Look the value up."""
        return NO_CAPTURES if value in self.values else None

    def keys(self) -> tuple[str, frozenset[str]] | None:
        """Give the values themselves."""
        return "value", self.values


@dataclass(frozen=True, slots=True)
class LiteralTest:
    """One of several texts, all folded, stands somewhere in the value."""

    words: str
    """The operator, for people."""
    values: tuple[str, ...]
    holds: Callable[[str, tuple[str, ...]], bool]
    is_folded: bool = True
    captures: frozenset[str] = frozenset()

    @property
    def asked(self) -> str:
        """In words."""
        return f"{self.words} {listed(self.values)}"

    def test(self, value: str) -> Mapping[str, str] | None:
        """Look for the texts."""
        return NO_CAPTURES if self.holds(value, self.values) else None

    def keys(self) -> tuple[str, frozenset[str]] | None:
        """Give the texts, of which one must be in the value wherever it has to stand."""
        return "text", frozenset(self.values)


def starts_with(values: tuple[str, ...]) -> LiteralTest:
    """The value begins with one of several."""
    return LiteralTest("starts with", values, str.startswith)


def ends_with(values: tuple[str, ...]) -> LiteralTest:
    """The value ends with one of several."""
    return LiteralTest("ends with", values, str.endswith)


def contains(values: tuple[str, ...]) -> LiteralTest:
    """One of several is anywhere in the value."""
    return LiteralTest("contains", values, lambda value, parts: any(part in value for part in parts))


def has_words(values: tuple[str, ...]) -> LiteralTest:
    """One of several words or phrases is in the value, whole."""
    return LiteralTest("has the words", values, lambda value, words: any(find_word(word, value) for word in words))


@dataclass(frozen=True, slots=True)
class Matches:
    """A pattern is found in the value as it is: the one test that regards case, unless the pattern begins (?i)."""

    pattern: Pattern
    is_folded: bool = False

    @property
    def asked(self) -> str:
        """In words."""
        return f"matches {self.pattern.source}"

    @property
    def captures(self) -> frozenset[str]:
        """Of the pattern."""
        return self.pattern.groups

    def test(self, value: str) -> Mapping[str, str] | None:
        """Ask the value."""
        return self.pattern.search(value)

    def keys(self) -> tuple[str, frozenset[str]] | None:
        """Give what must be there."""
        return "pattern", frozenset({self.pattern.source})


@dataclass(frozen=True, slots=True)
class AnyTest:
    """One of several tests holds."""

    tests: tuple[ValueTest, ...]

    @property
    def asked(self) -> str:
        """In words."""
        return " or ".join(test.asked for test in self.tests)

    @property
    def is_folded(self) -> bool:
        """Of the tests, which are of one kind."""
        return self.tests[0].is_folded

    @property
    def captures(self) -> frozenset[str]:
        """Of the pattern."""
        return frozenset().union(*(test.captures for test in self.tests))

    def test(self, value: str) -> Mapping[str, str] | None:
        """Ask the value."""
        found = (test.test(value) for test in self.tests)
        return next((captures for captures in found if captures is not None), None)

    def keys(self) -> tuple[str, frozenset[str]] | None:
        """Give what must be there."""
        found = [test.keys() for test in self.tests]
        kinds = {keys[0] for keys in found if keys is not None}
        if None in found or len(kinds) != 1:
            return None
        return kinds.pop(), frozenset().union(*(keys[1] for keys in found if keys is not None))


def listed(values: frozenset[str] | tuple[str, ...]) -> str:
    """Give a few of the values, for people."""
    if len(values) > _SHOWN_VALUES:
        return f"one of {len(values)} values"
    return ", ".join(sorted(values))
