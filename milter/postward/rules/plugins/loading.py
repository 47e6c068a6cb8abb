# SPDX-License-Identifier: GPL-3.0-or-later
"""Run plugins' files and take what they declare; in the worker for those that we ship, else in a process of its own."""

from __future__ import annotations

import importlib
import sys
import traceback
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from postward.rules.plugins.definition import PluginDefinition, PluginError, definition_of
from postward.rules.plugins.description import PluginDescription, describe
from postward.rules.plugins.error_text import error_text
from postward.rules.plugins.plugin_code import run_plugin_code
from postward.rules.plugins.settings import build_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.rules.plugins.plugin_source import PluginSource

_MAX_TEXT_CHARS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFault:
    """Why a file gives no plugins."""

    path: str
    line: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plugin that can be called here."""

    definition: PluginDefinition
    description: PluginDescription

    def refusal(self, settings: Mapping[str, object]) -> str:
        """Why its own class refuses settings; "" where it takes them."""
        try:
            build_settings(self.definition.config, settings)
        except PluginError as error:
            return str(error)
        return ""


def load_sources(
    sources: Iterable[PluginSource], *, is_bundled: bool = False
) -> tuple[dict[str, LoadedPlugin], list[LoadFault]]:
    """Run all files; returns plugins by name, and a fault for each file that has one."""
    loaded: dict[str, LoadedPlugin] = {}
    faults: list[LoadFault] = []
    for source in sources:
        found = _plugins_of(source, is_bundled=is_bundled)
        if isinstance(found, LoadFault):
            faults.append(found)
            continue
        if not found:
            faults.append(
                LoadFault(path=source.path, line=0, message="declares no plugin", hint="see docs/writing-rules.md")
            )
        for plugin in found:
            other = loaded.get(plugin.definition.id)
            if other is not None:
                faults.append(doubled(plugin.description, other.description))
            else:
                loaded[plugin.definition.id] = plugin
    return loaded, faults


def doubled(description: PluginDescription, other: PluginDescription) -> LoadFault:
    """Two plugins have one name."""
    message = f"the name {description.id} belongs to another plugin already"
    hint = f"that of {other.where}"
    return LoadFault(path=description.path, line=description.line, message=message, hint=hint)


def _plugins_of(source: PluginSource, *, is_bundled: bool) -> list[LoadedPlugin] | LoadFault:
    """Give those of one file, or what keeps it from being run."""

    def load() -> list[LoadedPlugin] | LoadFault:
        return _load(source, is_bundled=is_bundled)

    return run_plugin_code(load, lambda error: _fault(source, error), also=(SystemExit, KeyboardInterrupt))


def _load(source: PluginSource, *, is_bundled: bool) -> list[LoadedPlugin]:
    module = importlib.import_module(source.module) if source.is_installed else _run(source)
    values = list(vars(module).values())
    definitions = {id(found): found for value in values if (found := definition_of(value)) is not None}
    own = [found for found in definitions.values() if _is_of(found, module)]
    return [LoadedPlugin(found, describe(found, source.path, is_bundled=is_bundled)) for found in own]


def _is_of(definition: PluginDefinition, module: ModuleType) -> bool:
    """Not one that the module has only imported; packages may gather those of their own modules."""
    name = getattr(definition.function, "__module__", "")
    return name == module.__name__ or str(name).startswith(f"{module.__name__}.")


def _run(source: PluginSource) -> ModuleType:
    code = compile(source.code, source.path, "exec", dont_inherit=True)
    module = ModuleType(source.module)
    module.__file__ = source.path
    # Types in annotations are looked up there.
    sys.modules[source.module] = module
    exec(code, vars(module))  # noqa: S102 - that is what a plugin is for
    return module


def _fault(source: PluginSource, error: BaseException) -> LoadFault:
    if isinstance(error, SyntaxError) and error.filename == source.path:
        return LoadFault(
            path=source.path, line=error.lineno or 0, message=f"is not Python: {error.msg}"[:_MAX_TEXT_CHARS]
        )
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == source.path]
    text = error_text(error, _MAX_TEXT_CHARS)
    if not isinstance(error, PluginError):
        text = f"cannot be imported: {type(error).__name__}: {text}"
    return LoadFault(path=source.path, line=(lines[-1] or 0) if lines else 0, message=text[:_MAX_TEXT_CHARS])
