# SPDX-License-Identifier: GPL-3.0-or-later
"""The condition ``reputation``, and what a test beside a rule says of it."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.rules.compile.fields import Fields
from postward.rules.compile.numbers import comparisons
from postward.rules.compile.place import Faulty
from postward.rules.conditions.reputation import ReputationCondition, ReputationTests
from postward.rules.given_reputation import BOUNDS, GIVEN_KINDS, given_reputation
from postward.rules.message.reputation_view import ANY, WHOSE

if TYPE_CHECKING:
    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition
    from postward.rules.conditions.number import Comparison
    from postward.rules.message.reputation_view import ReputationView

_OF, _CORRESPONDENT = "of", "correspondent"
_GUESS, _EVIDENCE = "bad_percent", ("confidence", "messages")
_UPWARDS = frozenset({"gt", "ge"})


def reputation_condition(place: Place, _context: Context) -> Condition:
    """Read ``{of: network, bad_percent: {gt: 20}, confidence: {ge: 0.5}}``."""
    fields = Fields(place, (_OF, *BOUNDS))
    whose = fields.read(_OF, lambda at: tuple(item.choice(tuple(WHOSE)) for item in at.item_or_items()), (ANY,))
    numbers = {
        name: fields.read(name, partial(_compared, most=most), ()) for name, most in BOUNDS.items() if name in fields
    }
    if not numbers:
        raise place.fault("asks nothing", "write {of: network, surely_bad_percent: {gt: 20}}")
    if not whose:
        raise fields[_OF].fault("names nobody")
    fields.finish()
    if _is_guessed(numbers):
        place.warn(
            "bad_percent alone is a guess where little is known of the sender",
            "write surely_bad_percent, or add confidence: {ge: 0.5}",
        )
    return ReputationCondition(whose, ReputationTests(numbers=MappingProxyType(numbers)))


def reputation_of_test(place: Place) -> ReputationView:
    """Read ``{network: {bad_percent: 40, messages: 100}, correspondent: true}``."""
    entries = place.mapping((_CORRESPONDENT, *GIVEN_KINDS))
    found: dict[str, dict[str, float]] = {}
    is_correspondent, is_faulty = False, True
    with place.faults.collected():
        is_correspondent = entries.pop(_CORRESPONDENT).truth() if _CORRESPONDENT in entries else False
        for kind, at in entries.items():
            found[kind] = {name: value.number(0, BOUNDS[name]) for name, value in at.mapping(tuple(BOUNDS)).items()}
        is_faulty = False
    if is_faulty:
        raise Faulty
    return given_reputation(found, is_correspondent=is_correspondent)


def _compared(place: Place, most: float) -> tuple[Comparison, ...]:
    found = comparisons(place, is_size=False)
    if any(not 0 <= comparison.operand <= most for comparison in found):
        raise place.fault(f"must be compared with a number from 0 to {most:g}")
    return found


def _is_guessed(numbers: dict[str, tuple[Comparison, ...]]) -> bool:
    """Whether those of whom nothing is known may be taken for bad by what is expected of everybody."""
    upwards = any(comparison.operator in _UPWARDS for comparison in numbers.get(_GUESS, ()))
    return upwards and not any(name in numbers for name in _EVIDENCE)
