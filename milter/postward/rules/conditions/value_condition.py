# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of an attribute that has text for its values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from postward.rules.conditions.base import NO_CAPTURES, Finding, IndexKeys, shown
from postward.rules.conditions.key_choice import best

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.rules.conditions.attribute import Attribute
    from postward.rules.conditions.base import Condition, Subject
    from postward.rules.conditions.value_test import ValueTest
    from postward.rules.conditions.value_tests import ValueTests
    from postward.rules.needs import Need
    from postward.rules.stage import Stage

_MAX_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ValueCondition:
    """The tests hold of the attribute's values."""

    attribute: Attribute
    tests: ValueTests

    @property
    def stage(self) -> Stage:
        """Of the attribute."""
        return self.attribute.stage

    @property
    def needs(self) -> frozenset[Need]:
        """Of the attribute."""
        return self.attribute.needs

    @property
    def is_per_recipient(self) -> bool:
        """Of the attribute."""
        return self.attribute.is_per_recipient

    @property
    def captures(self) -> frozenset[str]:
        """Of what must hold."""
        return self.tests.groups

    @cached_property
    def asked(self) -> str:
        """In words."""
        return f"{self.attribute.name} {self.tests.asked}"

    def test(self, subject: Subject) -> Finding:
        """Ask all that is asked."""
        message = subject.message
        values = self.attribute.read(message)
        captures = self.tests.find(values, lambda _values: self.attribute.folded(message))
        return Finding(
            matched=captures is not None,
            asked=self.asked,
            seen=seen_lengths(values) if self.attribute.is_long else seen_values(values),
            captures=captures or NO_CAPTURES,
        )

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Of the test that says most."""
        if not self.attribute.index:
            return None
        return best([*(self._keys(test) for test in self.tests.tests), self._presence()])

    def leaves(self) -> Iterator[Condition]:
        """Itself."""
        yield self

    def _presence(self) -> tuple[IndexKeys, ...] | None:
        """Of a header field that must be there."""
        (name, *others) = self.attribute.index
        is_there = self.tests.exists or self.tests.is_empty is False
        if not is_there or others or not name.startswith("header:"):
            return None
        return (IndexKeys(f"{name}.exists", frozenset({"yes"})),)

    def _keys(self, test: ValueTest) -> tuple[IndexKeys, ...] | None:
        found = test.keys()
        if found is None:
            return None
        kind, values = found
        return tuple(IndexKeys(f"{name}.{kind}", values) for name in self.attribute.index)


def seen_lengths(values: Sequence[str]) -> str:
    """Say how long values are that are not to be told."""
    return " and ".join(f"{len(value)} character{'' if len(value) == 1 else 's'}" for value in values) or "nothing"


def seen_values(values: Sequence[str]) -> str:
    """Give values for people, the first few of them."""
    if not values:
        return "nothing"
    more = f" and {len(values) - _MAX_SHOWN} more" if len(values) > _MAX_SHOWN else ""
    return shown(", ".join(value[:200] or '""' for value in values[:_MAX_SHOWN]) + more)
