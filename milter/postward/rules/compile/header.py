# SPDX-License-Identifier: GPL-3.0-or-later
"""The condition ``header``: any field, by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.rules.compile.numbers import comparisons
from postward.rules.compile.operators import OPERATORS, tests_of_operators
from postward.rules.conditions.attributes.header import header_attribute, header_count
from postward.rules.conditions.header_mark import HeaderMarkCondition
from postward.rules.conditions.number import NumberCondition
from postward.rules.conditions.tree import AllOf
from postward.rules.conditions.value_condition import ValueCondition

if TYPE_CHECKING:
    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition

_NAME = re.compile(r"[!-9;-~]{1,200}", re.ASCII)
_KEYS = ("name", "hmac_valid", "count", *OPERATORS)


def header_name(place: Place) -> str:
    """Give the name of a header field (RFC 5322 section 2.2)."""
    name = place.text()
    if not _NAME.fullmatch(name):
        raise place.fault("is no name of a header field", "write it without the colon")
    return name


def header_condition(place: Place, context: Context) -> Condition:
    """Read ``{name: X-Field, OPERATOR: ...}``; a name alone asks whether there is such a field."""
    entries = place.mapping(_KEYS)
    at = entries.pop("name", None)
    if at is None:
        raise place.fault("has no name", "write {name: X-Field, equals: value}")
    name = header_name(at)
    parts: list[Condition] = []
    if "hmac_valid" in entries:
        parts.append(HeaderMarkCondition(name, wanted=entries.pop("hmac_valid").truth()))
    if "count" in entries:
        parts.append(NumberCondition(header_count(name), comparisons(entries.pop("count"), is_size=False)))
    if entries:
        tests = tests_of_operators(header_attribute(name), place, entries, context)
        parts.append(ValueCondition(attribute=header_attribute(name), tests=tests))
    if not parts:
        raise place.fault("asks nothing of the field", "write exists: true where it only has to be there")
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
