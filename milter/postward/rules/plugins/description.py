# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a plugin outside the process that may run it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from postward.model.rule_action import ACTION_KINDS
from postward.rules.needs import Need
from postward.rules.plugins.definition import MAX_TIMEOUT_S, ON_ERROR, PluginDefinition
from postward.rules.plugins.schema import read_schema
from postward.rules.plugins.setting_types import Schema, schema_from_values, schema_to_values

_MAX_TEXT_CHARS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginDescription:
    """As the plugin declares itself."""

    id: str
    version: int
    path: str
    """File, or package."""
    line: int
    """Of its function."""
    needs: frozenset[Need]
    may: frozenset[str]
    timeout_s: float
    on_error: str
    schema: Schema
    description: str = ""
    is_bundled: bool = False

    @property
    def where(self) -> str:
        """``plugins/vip.py:12``."""
        return f"{self.path}:{self.line}"


def describe(definition: PluginDefinition, path: str, *, is_bundled: bool = False) -> PluginDescription:
    """Give what is known of a plugin that was loaded here; raises PluginError where its settings have no form."""
    code = getattr(definition.function, "__code__", None)
    return PluginDescription(
        id=definition.id,
        version=definition.version,
        path=path,
        line=code.co_firstlineno if code is not None else 0,
        needs=definition.needs,
        may=definition.may,
        timeout_s=definition.timeout_s,
        on_error=definition.on_error,
        schema=read_schema(definition.config),
        description=definition.description[:_MAX_TEXT_CHARS],
        is_bundled=is_bundled,
    )


def description_to_values(description: PluginDescription) -> dict[str, Any]:
    """Plain values for JSON."""
    return {
        "id": description.id,
        "version": description.version,
        "path": description.path,
        "line": description.line,
        "needs": sorted(description.needs),
        "may": sorted(description.may),
        "timeout_s": description.timeout_s,
        "on_error": description.on_error,
        "schema": schema_to_values(description.schema),
        "description": description.description,
    }


def description_from_values(values: dict[str, Any]) -> PluginDescription:
    """Read what another process says of a plugin; raises KeyError, TypeError or ValueError for what it may not say."""
    may = frozenset(map(str, values["may"]))
    timeout_s = float(values["timeout_s"])
    if (
        not may <= ACTION_KINDS.keys()
        or values["on_error"] not in {"", *ON_ERROR}
        or not 0 < timeout_s <= MAX_TIMEOUT_S
    ):
        raise ValueError("no description of a plugin")
    return PluginDescription(
        id=str(values["id"]),
        version=int(values["version"]),
        path=str(values["path"]),
        line=int(values["line"]),
        needs=frozenset(Need(need) for need in values["needs"]),
        may=may,
        timeout_s=timeout_s,
        on_error=values["on_error"],
        schema=schema_from_values(values["schema"]),
        description=str(values["description"])[:_MAX_TEXT_CHARS],
    )
