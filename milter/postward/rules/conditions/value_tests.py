# SPDX-License-Identifier: GPL-3.0-or-later
"""Several tests of the values of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from postward.rules.conditions.base import NO_CAPTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from postward.rules.conditions.value_test import ValueTest


@dataclass(frozen=True, kw_only=True)
class ValueTests:
    """All ``tests`` hold of one and the same value, and none of ``refused`` of any value."""

    tests: tuple[ValueTest, ...] = ()
    refused: tuple[ValueTest, ...] = ()
    exists: bool | None = None
    """Whether there must be a value, or must be none."""
    one_suffices: bool = False
    """One value of which nothing refused holds is enough: to find what is not allowed among several."""
    is_empty: bool | None = None
    """Whether there must be no value but blank ones, or must be one that is not blank."""

    @cached_property
    def groups(self) -> frozenset[str]:
        """Names that may be captured."""
        return frozenset().union(*(test.captures for test in self.tests))

    @cached_property
    def asked(self) -> str:
        """In words."""
        parts = [test.asked for test in self.tests]
        parts += [f"not {test.asked}" for test in self.refused]
        if self.exists is not None:
            parts.append("exists" if self.exists else "does not exist")
        if self.is_empty is not None:
            parts.append("is empty" if self.is_empty else "is not empty")
        return " and ".join(parts)

    def find(self, values: Sequence[str], folded: Callable[[Sequence[str]], Sequence[str]]) -> Mapping[str, str] | None:
        """Give the captures where all holds, None where it does not; ``folded`` gives the values as compared."""
        if self.exists is not None and bool(values) is not self.exists:
            return None
        if self.is_empty is not None and any(value.strip() for value in values) is self.is_empty:
            return None
        if not values or not (self.tests or self.refused):
            return None if self.tests else NO_CAPTURES
        compared = folded(values) if self._is_folded else values
        pairs = list(zip(values, compared, strict=True))
        if self.refused and self._is_refused(pairs):
            return None
        if not self.tests:
            return NO_CAPTURES
        return next((found for pair in pairs if (found := self._all_hold(pair)) is not None), None)

    def _is_refused(self, pairs: Sequence[tuple[str, str]]) -> bool:
        found = (any(_holds(test, pair) is not None for test in self.refused) for pair in pairs)
        return all(found) if self.one_suffices else any(found)

    @cached_property
    def _is_folded(self) -> bool:
        return any(test.is_folded for test in (*self.tests, *self.refused))

    def _all_hold(self, pair: tuple[str, str]) -> Mapping[str, str] | None:
        captures: dict[str, str] = {}
        for test in self.tests:
            found = _holds(test, pair)
            if found is None:
                return None
            captures.update(found)
        return captures


def _holds(test: ValueTest, pair: tuple[str, str]) -> Mapping[str, str] | None:
    """Ask of one value, as it is or as it is compared."""
    return test.test(pair[1] if test.is_folded else pair[0])
