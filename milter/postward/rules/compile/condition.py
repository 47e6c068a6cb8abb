# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of conditions: all, any and none, and the tests that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.compile.catalogue import TESTS
from postward.rules.compile.place import Faulty, did_you_mean
from postward.rules.conditions.tree import ALWAYS, AllOf, AnyOf, NoneOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition

MAX_DEPTH = 8
MAX_CONDITIONS = 1_000
"""Directly below one of all, any and none."""
_TREES: dict[str, Callable[[tuple[Condition, ...]], Condition]] = {"all": AllOf, "any": AnyOf, "none": NoneOf}
_ALWAYS = "always"


def condition_tree(place: Place, context: Context, depth: int = 1) -> Condition:
    """Read ``always``, or a mapping of conditions, or a list of them, all of which must hold."""
    if place.scalar == _ALWAYS:
        return ALWAYS
    if depth > MAX_DEPTH:
        raise place.fault(f"conditions are nested deeper than {MAX_DEPTH} levels")
    if place.is_list:
        return _several(place, context, AllOf, depth)
    if not place.is_mapping:
        raise place.fault(
            "must be a mapping of conditions", "write {all: [...]}, {any: [...]}, {none: [...]}, or always"
        )
    entries = place.mapping()
    if not entries:
        raise place.fault("asks nothing", "write always for a rule that matches every message")
    parts = _read_all([(name, at) for name, at in entries.items()], place, context, depth)
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _several(
    place: Place, context: Context, tree: Callable[[tuple[Condition, ...]], Condition], depth: int
) -> Condition:
    items = place.items()
    if not items:
        raise place.fault("holds no conditions")
    if len(items) > MAX_CONDITIONS:
        raise place.fault(f"holds more than {MAX_CONDITIONS} conditions", "put the values into one list")
    parts: list[Condition] = []
    for item in items:
        with place.faults.collected():
            parts.append(condition_tree(item, context, depth + 1))
    if len(parts) < len(items):
        raise Faulty
    return tree(tuple(parts))


def _read_all(entries: list[tuple[str, Place]], place: Place, context: Context, depth: int) -> tuple[Condition, ...]:
    parts: list[Condition] = []
    for name, at in entries:
        with place.faults.collected():
            parts.append(_one(name, at, context, depth))
    if len(parts) < len(entries):
        raise Faulty
    return tuple(parts)


def _one(name: str, place: Place, context: Context, depth: int) -> Condition:
    if name in _TREES:
        if place.is_mapping:
            return _TREES[name](_read_all(list(place.mapping().items()), place, context, depth))
        return _several(place, context, _TREES[name], depth)
    read = TESTS.get(name)
    if read is None:
        raise place.key_fault("unknown condition", did_you_mean(name, (*_TREES, *TESTS)))
    return read(place, context)
