# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of a plugin's settings as plain data, which may go from one process to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 4
"""Of lists and mappings in one another."""
KINDS = ("text", "whole number", "number", "true or false", "list", "mapping", "choice")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingType:
    """The type of one setting."""

    kind: str
    """One of ``KINDS``."""
    of: SettingType | None = None
    """Of the items of a list, and of the values of a mapping."""
    choices: tuple[str, ...] = ()
    is_optional: bool = False
    """It may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """One setting."""

    name: str
    type: SettingType
    is_required: bool


Schema = tuple[SettingField, ...]


def schema_to_values(schema: Schema) -> list[dict[str, Any]]:
    """Plain values for JSON."""
    return [{"name": field.name, "type": _type_values(field.type), "required": field.is_required} for field in schema]


def schema_from_values(values: list[dict[str, Any]]) -> Schema:
    """Read them back; raises KeyError, TypeError or ValueError."""
    return tuple(
        SettingField(name=str(value["name"]), type=_type_from(value["type"]), is_required=bool(value["required"]))
        for value in values
    )


def _type_values(kind: SettingType) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "of": _type_values(kind.of) if kind.of is not None else None,
        "choices": list(kind.choices),
        "optional": kind.is_optional,
    }


def _type_from(values: dict[str, Any], depth: int = 0) -> SettingType:
    if depth > MAX_DEPTH + 1 or values["kind"] not in KINDS:
        raise ValueError("no type of a setting")
    return SettingType(
        kind=values["kind"],
        of=_type_from(values["of"], depth + 1) if values["of"] is not None else None,
        choices=tuple(str(choice) for choice in values["choices"]),
        is_optional=bool(values["optional"]),
    )
