# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions that are read in a way of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.compile.attachment import attachment_condition
from postward.rules.compile.clock import sample_condition, time_condition
from postward.rules.compile.header import header_condition
from postward.rules.compile.network import network_condition
from postward.rules.compile.operators import OPERATORS, tests_of_operators, value_condition
from postward.rules.compile.people import people_condition
from postward.rules.compile.place import Faulty, did_you_mean
from postward.rules.compile.rates import rate_condition
from postward.rules.compile.reputation import reputation_condition
from postward.rules.conditions.attributes.content import FLAG
from postward.rules.conditions.attributes.directory import WHOSE, attribute_of
from postward.rules.conditions.attributes.forwarding import AUTO_FORWARD
from postward.rules.conditions.attributes.results import ARC_SEALER, RESULTS
from postward.rules.conditions.tree import AllOf, AnyOf, NoneOf
from postward.rules.conditions.truth import TruthCondition
from postward.rules.conditions.value_condition import ValueCondition
from postward.rules.conditions.value_test import OneOf
from postward.rules.conditions.value_tests import ValueTests
from postward.rules.detectors.detector import DETECTORS, DetectorCondition

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition

_ARC = next(attribute for attribute in RESULTS if attribute.name == "auth.arc")
_FLAG_TREES: dict[str, Callable[[tuple[Condition, ...]], Condition]] = {"any": AnyOf, "all": AllOf, "none": NoneOf}


def _arc(place: Place, context: Context) -> Condition:
    """``pass``, or ``{pass_from: SEALERS}``: a chain that passes, and whose newest set is of one of them."""
    if not place.is_mapping:
        return value_condition(_ARC, place, context)
    entries = place.mapping(("pass_from", "equals", "in", "not_in", "not_equals"))
    if "pass_from" not in entries:
        return value_condition(_ARC, place, context)
    if len(entries) > 1:
        raise place.fault("pass_from stands alone")
    return value_condition(ARC_SEALER, entries["pass_from"], context)


def _flags(place: Place, context: Context) -> Condition:
    if not place.is_mapping:
        return value_condition(FLAG, place, context)
    entries = place.mapping(tuple(_FLAG_TREES))
    if not entries:
        raise place.fault("asks for no flag")
    trees = tuple(_FLAG_TREES[name](_single_flags(at, context)) for name, at in entries.items())
    return trees[0] if len(trees) == 1 else AllOf(trees)


def _single_flags(place: Place, context: Context) -> tuple[Condition, ...]:
    words: list[str] = []
    for value in context.lists.values(place):
        if value.text in FLAG.words:
            words.append(value.text)
        else:
            value.fault("there is no such flag", did_you_mean(value.text, FLAG.words))
    if not words:
        raise Faulty
    tests = (ValueTests(tests=(OneOf("has", frozenset({word})),)) for word in words)
    return tuple(ValueCondition(attribute=FLAG, tests=test) for test in tests)


def _detector(place: Place, _context: Context) -> Condition:
    entries = place.mapping(("name", "min")) if place.is_mapping else {"name": place}
    if "name" not in entries:
        raise place.fault("has no name", f"known here: {', '.join(DETECTORS)}")
    name = entries["name"].choice(tuple(DETECTORS))
    return DetectorCondition(name, entries["min"].whole_number(1, 1_000) if "min" in entries else 1)


def _attribute(whose: str) -> Callable[[Place, Context], Condition]:
    def read(place: Place, context: Context) -> Condition:
        entries = place.mapping()
        name = entries.pop("name", None)
        if name is None:
            raise place.fault("has no name", "write {name: department, equals: Sales}")
        unknown = [at for key, at in entries.items() if key not in OPERATORS]
        for at in unknown:
            at.key_fault("unknown key", did_you_mean(at.key.rpartition(".")[2], OPERATORS))
        if unknown:
            raise Faulty
        attribute = attribute_of(whose, name.text())
        return ValueCondition(attribute=attribute, tests=tests_of_operators(attribute, place, entries, context))

    return read


SPECIAL_TESTS: dict[str, Callable[[Place, Context], Condition]] = {
    "attachment": attachment_condition,
    "auth.arc": _arc,
    "client.ip": network_condition("client.ip", judged=False),
    "client.origin_ip": network_condition("client.origin_ip", judged=True),
    "auto_forward": lambda place, _context: TruthCondition(AUTO_FORWARD, wanted=place.truth()),
    "detector": _detector,
    "flags": _flags,
    "from.address": people_condition("from.address"),
    "from.display_name": people_condition("from.display_name"),
    "header": header_condition,
    "rate": rate_condition,
    "reputation": reputation_condition,
    "sample": sample_condition,
    "time": time_condition,
    **{f"{whose}.attribute": _attribute(whose) for whose in WHOSE},
}
