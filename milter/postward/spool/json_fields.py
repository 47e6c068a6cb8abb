# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a frozen dataclass from the JSON that was written of it: every field of its type, and none that is not known."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Hashable

_Kind = TypeVar("_Kind")
_LARGEST = 1 << 62
_LATEST_S = 253_402_300_799.0
"""The end of the year 9999: every number with a fraction is a time or a duration, and no later one can be written."""


class MalformedError(ValueError):
    """The JSON is not what we write."""


def read_fields(kind: type[_Kind], text: bytes, *, schema: int) -> _Kind:
    """Make a value of ``kind``; raises MalformedError."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError("is no JSON") from error
    if not isinstance(values, dict) or values.pop("schema", None) != schema:
        raise MalformedError(f"is not of schema {schema}")
    return _made(kind, values)


def _made(kind: type[_Kind], values: dict[str, Any]) -> _Kind:
    hints = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed
    unknown = values.keys() - hints.keys()
    if unknown:
        raise MalformedError(f"has {', '.join(sorted(unknown))[:80]}, which is not known")
    try:
        return kind(**{name: _value(name, hints[name], value) for name, value in values.items()})
    except TypeError as error:
        raise MalformedError(f"is not whole: {error}") from error


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(name: str, hint: Any, value: Any) -> Any:
    if isinstance(hint, UnionType):
        hint = get_args(hint)[0]
        if value is None:
            return None
    # Infinite ones, and what is not a number, are no times either.
    if hint is float and type(value) in {int, float} and abs(value) <= _LATEST_S:
        return float(value)
    if hint in {str, int, bool} and type(value) is hint and (hint is not int or abs(value) <= _LARGEST):
        return value
    if hint == tuple[str, ...] and isinstance(value, list) and all(type(each) is str for each in value):
        return tuple(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum) and value in set(hint):
        return hint(value)
    if isinstance(value, dict) and hasattr(hint, "__dataclass_fields__"):
        return _made(hint, value)
    raise MalformedError(f"has a {name} that is not of its type")
