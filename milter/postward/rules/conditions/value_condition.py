"""Tests of an attribute that has text for its values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from postward.rules.conditions.base import NO_CAPTURES, Finding, IndexKeys, shown
from postward.rules.conditions.key_choice import best

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postward.rules.conditions.attribute import Attribute
    from postward.rules.conditions.base import Condition, Subject
    from postward.rules.conditions.value_test import ValueTest
    from postward.rules.message.message import Message
    from postward.rules.needs import Need
    from postward.rules.stage import Stage

_MAX_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ValueCondition:
    """All ``tests`` hold of one and the same value, and none of ``refused`` of any."""

    attribute: Attribute
    tests: tuple[ValueTest, ...] = ()
    refused: tuple[ValueTest, ...] = ()
    exists: bool | None = None
    """Whether there must be a value, or must be none."""
    is_empty: bool | None = None
    """Whether there must be no value but blank ones, or must be one that is not blank."""

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

    @cached_property
    def captures(self) -> frozenset[str]:
        """Of what must hold."""
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
        return f"{self.attribute.name} {' and '.join(parts)}"

    def test(self, subject: Subject) -> Finding:
        """Ask all that is asked."""
        message = subject.message
        values = self.attribute.read(message)
        captures = self._captures(message, values)
        return Finding(
            matched=captures is not None,
            asked=self.asked,
            seen=_seen(values),
            captures=captures or NO_CAPTURES,
        )

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Of the test that says most."""
        if not self.attribute.index:
            return None
        return best(self._keys(test) for test in self.tests)

    def leaves(self) -> Iterator[Condition]:
        """Itself."""
        yield self

    def _keys(self, test: ValueTest) -> tuple[IndexKeys, ...] | None:
        found = test.keys()
        if found is None:
            return None
        kind, values = found
        return tuple(IndexKeys(f"{name}.{kind}", values) for name in self.attribute.index)

    def _captures(self, message: Message, values: Sequence[str]) -> Mapping[str, str] | None:
        if self.exists is not None and bool(values) is not self.exists:
            return None
        if self.is_empty is not None and any(value.strip() for value in values) is self.is_empty:
            return None
        if not self.tests and not self.refused:
            return NO_CAPTURES
        compared = self.attribute.folded(message) if self._is_folded else values
        pairs = list(zip(values, compared, strict=True))
        if any(_hold(self.refused[i : i + 1], pair) is not None for i in range(len(self.refused)) for pair in pairs):
            return None
        if not self.tests:
            return NO_CAPTURES
        found = (_hold(self.tests, pair) for pair in pairs)
        return next((captures for captures in found if captures is not None), None)

    @cached_property
    def _is_folded(self) -> bool:
        return any(test.is_folded for test in (*self.tests, *self.refused))


def _hold(tests: Sequence[ValueTest], pair: tuple[str, str]) -> Mapping[str, str] | None:
    """Captures of all tests of one value, as it is and as it is compared; None where one does not hold."""
    captures: dict[str, str] = {}
    for test in tests:
        found = test.test(pair[1] if test.is_folded else pair[0])
        if found is None:
            return None
        captures.update(found)
    return captures


def _seen(values: Sequence[str]) -> str:
    if not values:
        return "nothing"
    more = f" and {len(values) - _MAX_SHOWN} more" if len(values) > _MAX_SHOWN else ""
    return shown(", ".join(value[:200] or '""' for value in values[:_MAX_SHOWN]) + more)
