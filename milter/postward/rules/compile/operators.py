# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators of attributes that have text for their values: from what is written to a condition."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from postward.config.closest import closest
from postward.rules.compile.place import Faulty
from postward.rules.conditions.attribute import Kind
from postward.rules.conditions.domain_test import NULL_SENDER, address_entry, domain_entry, domain_in
from postward.rules.conditions.value_condition import ValueCondition
from postward.rules.conditions.value_test import (
    AnyTest,
    Matches,
    OneOf,
    contains,
    ends_with,
    has_words,
    starts_with,
)
from postward.rules.conditions.value_tests import ValueTests
from postward.rules.patterns.comparison import folded
from postward.rules.patterns.re2_adapter import PatternError, compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from postward.rules.compile.context import Context
    from postward.rules.compile.lists import Value
    from postward.rules.compile.place import Place
    from postward.rules.conditions.attribute import Attribute
    from postward.rules.conditions.base import Condition
    from postward.rules.conditions.value_test import LiteralTest, ValueTest

MAX_PATTERNS = 1_000
_EXISTENCE = ("exists", "empty")
_MEMBERSHIP = ("equals", "in", "list")
_REFUSED = {"not_equals": "equals", "not_in": "in"}
_LITERAL: dict[str, Callable[[tuple[str, ...]], LiteralTest]] = {
    "starts_with": starts_with,
    "ends_with": ends_with,
    "contains": contains,
    "words": has_words,
}
_PATTERN = ("matches", "regex")
OPERATORS = (*_MEMBERSHIP, *_REFUSED, *_LITERAL, *_PATTERN, *_EXISTENCE)
_TRUTH_SHORTHANDS = frozenset({"client.tls", "client.user", "client.name"})


def value_condition(attribute: Attribute, place: Place, context: Context) -> Condition:
    """Read what stands behind an attribute: a value, a list of values, or a mapping of operators."""
    if attribute.name in _TRUTH_SHORTHANDS and isinstance(place.scalar, bool):
        return ValueCondition(attribute=attribute, tests=ValueTests(exists=place.scalar))
    return ValueCondition(attribute=attribute, tests=value_tests(attribute, place, context))


def value_tests(attribute: Attribute, place: Place, context: Context) -> ValueTests:
    """Read the same for the values of anything."""
    if place.is_mapping and set(place.mapping()) != {"file"}:
        return tests_of_operators(attribute, place, place.mapping(OPERATORS), context)
    return ValueTests(tests=(_membership(attribute, "is", place, context),))


def tests_of_operators(
    attribute: Attribute, place: Place, entries: Mapping[str, Place], context: Context
) -> ValueTests:
    """Read operators; all of them must hold, of one and the same value."""
    if not entries:
        raise place.fault("asks nothing", f"known here: {', '.join(OPERATORS)}")
    tests: list[ValueTest] = []
    refused: list[ValueTest] = []
    existence: dict[str, bool] = {}
    for name, operand in entries.items():
        with place.faults.collected():
            if name in _EXISTENCE:
                existence[name] = operand.truth()
            elif name in _REFUSED:
                refused.append(_membership(attribute, _REFUSED[name], operand, context))
            else:
                tests.append(_test(attribute, name, operand, context))
    if len(tests) + len(refused) + len(existence) < len(entries):
        raise Faulty
    return ValueTests(
        tests=tuple(tests),
        refused=tuple(refused),
        exists=existence.get("exists"),
        is_empty=existence.get("empty"),
    )


def _test(attribute: Attribute, name: str, operand: Place, context: Context) -> ValueTest:
    if name in _PATTERN:
        return pattern_test(operand, context)
    if name in _LITERAL:
        return _LITERAL[name](_literals(operand, context))
    if name == "list":
        return _of_entries(attribute, "in", _some(operand, context.lists.by_name(operand)))
    return _membership(attribute, name, operand, context)


def _membership(attribute: Attribute, operator: str, operand: Place, context: Context) -> ValueTest:
    return _of_entries(attribute, operator, _some(operand, context.lists.values(operand)))


def _some(operand: Place, values: Iterable[Value]) -> Iterable[Value]:
    """Give the values, of which there must be one; they may be a million."""
    before = len(operand.faults.errors)
    left = iter(values)
    first = next(left, None)
    if first is None:
        raise Faulty if len(operand.faults.errors) > before else operand.fault("has no values")
    return chain((first,), left)


def _of_entries(attribute: Attribute, operator: str, values: Iterable[Value]) -> ValueTest:
    if attribute.kind is Kind.ADDRESS:
        return domain_in(operator, _entries(values, address_entry, _ADDRESS_FAULT), is_address=True)
    if attribute.kind is Kind.DOMAIN:
        return domain_in(operator, _entries(values, domain_entry, _DOMAIN_FAULT), is_address=False)
    known = (value for value in values if not attribute.words or _is_known(value, attribute.words))
    return OneOf(operator, frozenset(folded(attribute.clean(value.text)) for value in known))


_ADDRESS_FAULT = (
    "is neither an address nor a domain",
    "write name@example.com, example.com, *.example.com for all below it, or null_sender",
)
_DOMAIN_FAULT = ("is no domain", "write example.com, or *.example.com for all below it")


def _entries(values: Iterable[Value], read: Callable[[str], str | None], fault: tuple[str, str]) -> Iterator[str]:
    for value in values:
        entry = read(value.text)
        if value.text != NULL_SENDER and "." not in value.text and closest(value.text, (NULL_SENDER,)):
            value.fault("is no domain", f"did you mean {NULL_SENDER}?")
        elif entry is None:
            value.fault(*fault)
        else:
            yield entry


def _is_known(value: Value, words: tuple[str, ...]) -> bool:
    if value.text.lower() in words:
        return True
    near = closest(value.text, words)
    value.fault(f"must be one of {', '.join(words)}", f"did you mean {near}?" if near else "")
    return False


def _literals(operand: Place, context: Context) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in _some(operand, context.lists.values(operand)):
        text = folded(value.text)
        if text:
            found[text] = None
        else:
            value.fault("is white space alone")
    return tuple(found)


def pattern_test(operand: Place, context: Context) -> ValueTest:
    """Read one pattern, or several of which one must be found."""
    tests: list[ValueTest] = []
    for count, value in enumerate(context.lists.values(operand)):
        if count >= MAX_PATTERNS:
            raise operand.fault(f"has more than {MAX_PATTERNS} patterns")
        try:
            pattern = compiled(value.text)
        except PatternError as error:
            value.fault(str(error), error.hint)
            continue
        if pattern.matches_empty:
            operand.warn(
                "the pattern is found in an empty text too, and so perhaps in every message",
                "write + or {1,} in place of * where something has to be there",
            )
        tests.append(Matches(pattern))
    if not tests:
        raise Faulty
    return tests[0] if len(tests) == 1 else AnyTest(tuple(tests))
