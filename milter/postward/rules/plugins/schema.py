# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the form of a plugin's settings from the dataclass that it has declared."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from postward.rules.plugins.definition import PluginError
from postward.rules.plugins.setting_types import MAX_DEPTH, Schema, SettingField, SettingType

_PLAIN: dict[type, str] = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def read_schema(config: type[Any]) -> Schema:
    """Give the form of a dataclass; raises PluginError for a type that cannot stand in a rule."""
    try:
        hints = get_type_hints(config)
    except (NameError, TypeError, AttributeError, SyntaxError) as error:
        raise PluginError(f"the types of {config.__name__} cannot be read: {error}") from error
    found = []
    for field in fields(config):
        if not field.init:
            continue
        is_required = field.default is MISSING and field.default_factory is MISSING
        kind = _read_type(hints[field.name], f"{config.__name__}.{field.name}")
        found.append(SettingField(name=field.name, type=kind, is_required=is_required))
    return tuple(found)


def _read_type(hint: Any, where: str, depth: int = 0) -> SettingType:
    if depth > MAX_DEPTH:
        raise PluginError(f"{where}: its type is nested too deep")
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return SettingType(kind=_PLAIN[hint])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return SettingType(kind="choice", choices=_choices([member.value for member in hint], where))
    if origin is Literal:
        return SettingType(kind="choice", choices=_choices(arguments, where))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004 - item type and dots
        return SettingType(kind="list", of=_read_type(arguments[0], where, depth + 1))
    if origin is Mapping and arguments[0] is str:
        return SettingType(kind="mapping", of=_read_type(arguments[1], where, depth + 1))
    if origin in {Union, types.UnionType}:
        return _read_optional(arguments, where, depth)
    raise PluginError(
        f"{where}: its type must be str, int, float, bool, an Enum or Literal of texts, tuple[TYPE, ...], "
        "Mapping[str, TYPE], or one of these or None"
    )


def _read_optional(arguments: tuple[Any, ...], where: str, depth: int) -> SettingType:
    others = [argument for argument in arguments if argument is not types.NoneType]
    if len(others) != 1 or len(others) == len(arguments):
        raise PluginError(f"{where}: its type may be of one kind, or None")
    kind = _read_type(others[0], where, depth + 1)
    return SettingType(kind=kind.kind, of=kind.of, choices=kind.choices, is_optional=True)


def _choices(values: Any, where: str) -> tuple[str, ...]:
    if not values or not all(isinstance(value, str) for value in values):
        raise PluginError(f"{where}: the values of a choice must be texts")
    return tuple(str(value) for value in values)
