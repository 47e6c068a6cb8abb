# SPDX-License-Identifier: GPL-3.0-or-later
"""What pydantic found wrong, in words for an operator, with file and line."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from postward.config.closest import closest
from postward.config.document.compose import MAX_FAULTS, shown
from postward.config.schema.root import RootSection
from postward.config.schema.section import HINTED
from postward.config.suggestion import suggest_key
from postward.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic_core import ErrorDetails

    from postward.config.schema.section import Section
    from postward.config.source import Source

_UNITS = {"_s": "seconds", "_bytes": "bytes", "_days": "days", "_bits": "bits"}
_KEY_MARK = "[key]"
_NUMBER_WITH_UNIT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})? ?[A-Za-z]{1,10}")


def config_errors(
    details: Iterable[ErrorDetails], source: Source, root: type[Section] = RootSection
) -> list[ConfigError]:
    """One ConfigError for each of pydantic's errors up to a bound, in the order of the file; ``root`` is its schema."""
    errors = [_config_error(detail, source, root) for detail in islice(details, MAX_FAULTS)]
    return sorted(errors, key=lambda error: error.line)


def _config_error(detail: ErrorDetails, source: Source, root: type[Section]) -> ConfigError:
    # A fault of a mapping's key, not of its value, has this after the key's path.
    path = detail["loc"][:-1] if detail["loc"][-1:] == (_KEY_MARK,) else detail["loc"]
    unknown = detail["type"] == "extra_forbidden"
    line = source.key_line(path) if unknown else source.line_of(path)
    message, hint = _explain(detail, path, root)
    return ConfigError(source.path, line, key_name(path), message, hint)


def key_name(path: Iterable[str | int]) -> str:
    """A key path as people write it: ``origin.local_networks[0]``."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{shown(part)}"
    return name.removeprefix(".")


def _explain(detail: ErrorDetails, path: tuple[str | int, ...], root: type[Section]) -> tuple[str, str]:
    kind = detail["type"]
    context: Mapping[str, object] = detail.get("ctx", {})
    if kind == HINTED:
        return str(context["problem"]), str(context["hint"])
    if kind == "extra_forbidden":
        return "unknown key", suggest_key(root, path)
    if detail["input"] is None:
        return "has no value", "comment the line out to get the default"
    explain = _EXPLAIN.get(kind)
    return explain(context, detail["input"], str(path[-1]) if path else "") if explain else (detail["msg"], "")


def _number(word: str) -> Callable[[Mapping[str, object], object, str], tuple[str, str]]:
    def explain(_context: Mapping[str, object], value: object, key: str) -> tuple[str, str]:
        unit = next((unit for ending, unit in _UNITS.items() if key.endswith(ending)), "")
        if isinstance(value, str) and _NUMBER_WITH_UNIT.fullmatch(value):
            return f"must be {word}", f"write the number of {unit} alone" if unit else "write the number alone"
        return f"must be {word}", f"in {unit}" if unit else ""

    return explain


def _choice(context: Mapping[str, object], value: object, _key: str) -> tuple[str, str]:
    words = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    near = closest(value, words) if isinstance(value, str) else None
    return f"must be one of {', '.join(words)}", f"did you mean {near}?" if near else ""


def _mapping(_context: Mapping[str, object], _value: object, _key: str) -> tuple[str, str]:
    return "must be a mapping of keys to values", "indent its keys below it"


_EXPLAIN: dict[str, Callable[[Mapping[str, object], object, str], tuple[str, str]]] = {
    "bool_type": lambda *_: ("must be true or false", ""),
    "int_type": _number("a whole number"),
    "int_from_float": _number("a whole number"),
    "float_type": _number("a number"),
    "finite_number": _number("a number"),
    "missing": lambda *_: ("is missing", ""),
    "string_type": lambda *_: ("must be text", "put the value in quotes"),
    "tuple_type": lambda *_: ("must be a list", "write [value] or one value a line, each after a dash"),
    "model_type": _mapping,
    "dict_type": _mapping,
    "mapping_type": _mapping,
    "literal_error": _choice,
    "greater_than_equal": lambda context, *_: (f"must be at least {_plain(context['ge'])}", ""),
    "less_than_equal": lambda context, *_: (f"must be at most {_plain(context['le'])}", ""),
}


def _plain(number: object) -> str:
    """A bound without an exponent: 1048576 and not 1.04858e+06."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)
