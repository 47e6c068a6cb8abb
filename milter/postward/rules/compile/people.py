# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on an author that ask the directory: borrowed names, and addresses of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.compile.operators import value_condition
from postward.rules.conditions.attributes.header import HEADER
from postward.rules.conditions.people import FOLDS, BorrowedNameCondition, OwnAddressCondition

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition

_NAMES = "directory.display_names"
_ADDRESSES = "directory.personal_addresses"
_BY_NAME = {attribute.name: attribute for attribute in HEADER}


def people_condition(name: str) -> Callable[[Place, Context], Condition]:
    """Give what reads ``from.display_name`` or ``from.address``."""

    def read(place: Place, context: Context) -> Condition:
        special = _borrowed_name(place) if name == "from.display_name" else _own_address(place)
        return special or value_condition(_BY_NAME[name], place, context)

    return read


def _borrowed_name(place: Place) -> Condition | None:
    """``{same_as: directory.display_names, fold: confusables}``."""
    if not place.is_mapping or "same_as" not in place.mapping():
        return None
    entries = place.mapping(("same_as", "fold"))
    entries["same_as"].choice((_NAMES,))
    return BorrowedNameCondition(entries["fold"].choice(tuple(FOLDS)) if "fold" in entries else "confusables")


def _own_address(place: Place) -> Condition | None:
    """``{in: directory.personal_addresses}``, or ``not_in``."""
    if not place.is_mapping:
        return None
    entries = place.mapping()
    ((key, at), *others) = entries.items() or (("", place),)
    if others or key not in ("in", "not_in") or at.scalar != _ADDRESSES:
        return None
    return OwnAddressCondition(wanted=key == "in")
