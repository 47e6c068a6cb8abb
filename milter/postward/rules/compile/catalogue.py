# SPDX-License-Identifier: GPL-3.0-or-later
"""Every single condition by the name that it is written with, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.compile.numbers import number_condition
from postward.rules.compile.operators import value_condition
from postward.rules.compile.special import SPECIAL_TESTS
from postward.rules.conditions.attributes.client import CLIENT
from postward.rules.conditions.attributes.content import CONTENT, CONTENT_NUMBERS
from postward.rules.conditions.attributes.directory import DIRECTORY, RECIPIENT_EXISTS, SENDER_ADDRESS
from postward.rules.conditions.attributes.envelope import ENVELOPE, RECIPIENT_COUNT
from postward.rules.conditions.attributes.header import HEADER
from postward.rules.conditions.attributes.results import RESULTS, SCORE
from postward.rules.conditions.reputation import CORRESPONDENT, REPUTATION_KNOWN
from postward.rules.conditions.truth import TruthCondition

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.attribute import Attribute, NumberAttribute, TruthAttribute
    from postward.rules.conditions.base import Condition

    Read = Callable[[Place, Context], Condition]


def _of_values(attribute: Attribute) -> Read:
    return lambda place, context: value_condition(attribute, place, context)


def _of_number(attribute: NumberAttribute) -> Read:
    return lambda place, _context: number_condition(attribute, place)


def _of_truth(attribute: TruthAttribute) -> Read:
    return lambda place, _context: TruthCondition(attribute, wanted=place.truth())


VALUE_ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (*CLIENT, *ENVELOPE, *HEADER, *RESULTS, *CONTENT, *DIRECTORY, SENDER_ADDRESS)
}
_NUMBERS = (RECIPIENT_COUNT, SCORE, *CONTENT_NUMBERS)
TESTS: dict[str, Read] = {
    **{name: _of_values(attribute) for name, attribute in VALUE_ATTRIBUTES.items()},
    **{attribute.name: _of_number(attribute) for attribute in _NUMBERS},
    **{attribute.name: _of_truth(attribute) for attribute in (RECIPIENT_EXISTS, CORRESPONDENT, REPUTATION_KNOWN)},
    **SPECIAL_TESTS,
}
