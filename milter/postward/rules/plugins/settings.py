# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a plugin: a rule's mapping is checked, and becomes the frozen dataclass that the plugin has declared."""

from __future__ import annotations

import difflib
import math
import types
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from postward.rules.plugins.definition import PluginError
from postward.rules.plugins.schema import read_schema

if TYPE_CHECKING:
    from postward.rules.plugins.setting_types import Schema, SettingType

Fault = Callable[[tuple[str | int, ...], str, str], None]
"""Called with the path of a setting, what is wrong with it, and a hint."""

_MAX_COMPARED = 64
_MAX_TEXT_CHARS = 500
_HINTS = {
    "text": "put the value in quotes",
    "list": "write [value] or one value a line, each after a dash",
    "mapping": "indent its keys below it",
}


def check_settings(schema: Schema, settings: Mapping[str, object], fault: Fault) -> bool:
    """Report every fault; returns whether there was none."""
    told: list[bool] = []

    def tell(path: tuple[str | int, ...], message: str, hint: str) -> None:
        told.append(True)
        fault(path, message, hint)

    by_name = {field.name: field for field in schema}
    for name, value in settings.items():
        field = by_name.get(name)
        if field is None:
            near = _closest(name, by_name)
            tell((name,), "unknown key", f"did you mean {near}?" if near else _known(by_name))
        else:
            _check(field.type, value, (name,), tell)
    for field in schema:
        if field.is_required and field.name not in settings:
            tell((field.name,), "is missing", "")
    return not told


def build_settings(config: type[Any], settings: Mapping[str, object]) -> Any:
    """Make the dataclass; raises PluginError for the first fault, and where the class itself refuses the values."""
    schema = read_schema(config)
    faults: list[str] = []
    if not check_settings(schema, settings, lambda path, message, _: faults.append(f"{_shown(path)}: {message}")):
        raise PluginError(faults[0])
    hints = get_type_hints(config)
    values = {name: _built(hints[name], value) for name, value in settings.items()}
    try:
        return config(**values)
    except (ValueError, TypeError, LookupError, PluginError) as error:
        raise PluginError(str(error)[:_MAX_TEXT_CHARS]) from error


def _check(kind: SettingType, value: object, path: tuple[str | int, ...], tell: Fault) -> None:
    if value is None:
        if not kind.is_optional:
            tell(path, "has no value", "leave the key out to get the default")
        return
    if kind.kind == "choice":
        if value not in kind.choices:
            near = _closest(value, kind.choices) if isinstance(value, str) else None
            tell(path, f"must be one of {', '.join(kind.choices)}", f"did you mean {near}?" if near else "")
    elif not _ACCEPTS[kind.kind](value):
        tell(path, f"must be {_named(kind.kind)}", _HINTS.get(kind.kind, ""))
    elif kind.of is not None:
        items = value.items() if isinstance(value, Mapping) else enumerate(value)  # type: ignore[arg-type]
        for key, item in items:
            _check(kind.of, item, (*path, key), tell)


_ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "whole number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value),
    "true or false": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list | tuple),
    "mapping": lambda value: isinstance(value, Mapping) and all(isinstance(key, str) for key in value),
}


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _named(kind: str) -> str:
    return kind if kind in {"text", "true or false"} else f"a {kind}"


def _built(hint: Any, value: Any) -> Any:
    arguments = get_args(hint)
    if value is None or hint in {str, int, bool}:
        return value
    if get_origin(hint) in {Union, types.UnionType}:
        return _built(next(argument for argument in arguments if argument is not types.NoneType), value)
    if isinstance(hint, type):
        # float, which takes whole numbers too, or an Enum.
        return hint(value)
    if get_origin(hint) is tuple:
        return tuple(_built(arguments[0], item) for item in value)
    if isinstance(value, Mapping):
        return types.MappingProxyType({key: _built(arguments[1], item) for key, item in value.items()})
    return value


def _closest(word: str, known: Iterable[str]) -> str | None:
    # As config.closest, whose package would bring its libraries into every plugin process.
    return next(iter(difflib.get_close_matches(word[:_MAX_COMPARED].lower(), list(known), n=1)), None)


def _known(names: Mapping[str, object]) -> str:
    return f"there are {', '.join(names)}" if names else "the plugin has no settings"


def _shown(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
