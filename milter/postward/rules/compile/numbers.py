# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on numbers: a number, or a mapping of comparisons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from postward.rules.compile.quantity import size
from postward.rules.conditions.number import COMPARISONS, Comparison, NumberCondition

if TYPE_CHECKING:
    from postward.rules.compile.place import Place
    from postward.rules.conditions.attribute import NumberAttribute
    from postward.rules.conditions.base import Condition

_BOUND = 1e15


def number_condition(attribute: NumberAttribute, place: Place) -> Condition:
    """Read the condition."""
    return NumberCondition(attribute, comparisons(place, is_size=attribute.is_size))


def comparisons(place: Place, *, is_size: bool) -> tuple[Comparison, ...]:
    """Read ``5``, or ``{gt: 5, le: 9}``."""
    if not place.is_mapping:
        return (Comparison("eq", _operand(place, is_size=is_size)),)
    entries = place.mapping(tuple(COMPARISONS))
    if not entries:
        raise place.fault("compares nothing", f"known here: {', '.join(COMPARISONS)}")
    found = tuple(Comparison(name, _operand(at, is_size=is_size)) for name, at in entries.items())
    if _is_impossible(found):
        raise place.fault("no number is all of this")
    return found


def _operand(place: Place, *, is_size: bool) -> float:
    return size(place) if is_size else place.number(-_BOUND, _BOUND)


def _is_impossible(found: tuple[Comparison, ...]) -> bool:
    by_name = {comparison.operator: comparison.operand for comparison in found}
    above = max(by_name.get("gt", -math.inf), by_name.get("ge", -math.inf))
    below = min(by_name.get("lt", math.inf), by_name.get("le", math.inf))
    is_strict = by_name.get("gt") == above or by_name.get("lt") == below
    return above > below or (above == below and is_strict)
