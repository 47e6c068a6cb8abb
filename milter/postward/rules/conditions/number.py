# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparisons of a number."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.rules.conditions.base import Finding
from postward.rules.conditions.leaf import Leaf

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.rules.conditions.attribute import NumberAttribute
    from postward.rules.conditions.base import Subject

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One operator of ``COMPARISONS`` and its operand."""

    operator: str
    operand: float

    def holds(self, value: float) -> bool:
        """Whether it is true of a value."""
        return COMPARISONS[self.operator](value, self.operand)

    def __str__(self) -> str:
        return f"{self.operator} {self.operand:.15g}"


class NumberCondition(Leaf):
    """All comparisons hold of the attribute."""

    def __init__(self, attribute: NumberAttribute, comparisons: tuple[Comparison, ...]) -> None:
        self._attribute = attribute
        self._comparisons = comparisons
        self._asked = f"{attribute.name} {' and '.join(map(str, comparisons))}"
        self.needs = attribute.needs
        self.stage = attribute.stage
        self.is_per_recipient = attribute.is_per_recipient

    def test(self, subject: Subject) -> Finding:
        """Compare."""
        value = self._attribute.read(subject.message)
        matched = all(comparison.holds(value) for comparison in self._comparisons)
        return Finding(matched=matched, asked=self._asked, seen=f"{value:.15g}")
