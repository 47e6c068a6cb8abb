# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plugin returned, held against what it declared; nothing of another form goes any further."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from itertools import islice
from types import GeneratorType
from typing import TYPE_CHECKING, Any, cast

from postward.model.rule_action import ACTION_KINDS, RuleAction, kind_of
from postward.rules.errors import PluginFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_ACTIONS = 50
_MAX_TEXT_CHARS = 8_000
_MAX_ALL_CHARS = 100_000
_MAX_ITEMS = 1_000
_NAME = re.compile(r"[!-9;-~]{1,200}", re.ASCII)
_UNFIT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_UNFIT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ADDRESS = re.compile(r"[^\s\x00-\x20\x7f<>\ud800-\udfff]{1,320}")
_ENHANCED = re.compile(r"[45]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_CODES = {"reject": range(500, 600), "defer": range(400, 500)}
_ON_EXPIRE = ("bounce", "deliver", "discard")
_SEVERITIES = ("low", "medium", "high")
_OF_SEVERAL_LINES = {("reject", "text"), ("defer", "text"), ("strip_attachment", "notice")}
_FIELD_NAMES = {("add_header", "name"), ("set_header", "name")}
_ADDRESSES = {("add_recipient", "address"), ("redirect", "address")}
_FIELDS = {cls: {field.name: str(field.type) for field in fields(cls)} for cls in ACTION_KINDS.values()}


def checked_actions(returned: object, may: frozenset[str]) -> tuple[RuleAction, ...]:
    """Give the actions that a plugin returned or yields; raises PluginFailure, and what a generator raises."""
    if returned is None:
        return ()
    if not isinstance(returned, list | tuple | GeneratorType):
        raise _rubbish(f"it returned {type(returned).__name__}, and not a list of actions")
    found = tuple(islice(returned, MAX_ACTIONS + 1))
    if len(found) > MAX_ACTIONS:
        raise _rubbish(f"it returned more than {MAX_ACTIONS} actions")
    checked = tuple(_checked(action, may) for action in found)
    if sum(_size(action) for action in checked) > _MAX_ALL_CHARS:
        raise _rubbish("its actions are too long together")
    return checked


def encode_actions(actions: tuple[RuleAction, ...]) -> list[dict[str, Any]]:
    """Plain values for JSON."""
    return [
        {"kind": kind_of(action), **{name: getattr(action, name) for name in _FIELDS[type(action)]}}
        for action in actions
    ]


def decode_actions(values: object, may: frozenset[str]) -> tuple[RuleAction, ...]:
    """Read what ``encode_actions`` should have written; raises PluginFailure."""
    if not isinstance(values, list) or len(values) > MAX_ACTIONS:
        raise _rubbish("it returned no list of actions")
    return checked_actions([_decoded(value) for value in values], may)


def _decoded(value: object) -> RuleAction:
    if not isinstance(value, dict):
        raise _rubbish("it returned what is no action")
    cls = ACTION_KINDS.get(kind) if isinstance(kind := value.pop("kind", None), str) else None
    if cls is None or value.keys() != _FIELDS[cls].keys():
        raise _rubbish("it returned what is no action")
    arguments: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}
    return cls(**arguments)


def _checked(action: object, may: frozenset[str]) -> RuleAction:
    if type(action) not in _FIELDS:
        raise _rubbish(f"it returned {type(action).__name__} where an action should be")
    known = cast("RuleAction", action)
    kind = kind_of(known)
    if kind not in may:
        raise PluginFailure(f"it returned {kind}, which it does not declare in may", kind="capability")
    values = {name: _typed(kind, name, getattr(known, name), word) for name, word in _FIELDS[type(known)].items()}
    objection = _objection(kind, values)
    if objection:
        raise _rubbish(f"{kind}: {objection}")
    return type(known)(**values)


def _typed(kind: str, name: str, value: Any, word: str) -> Any:
    if word == "float" and type(value) is int:
        value = float(value) if abs(value) <= 1 << 53 else math.nan
    if not _IS[word](value):
        raise _rubbish(f"{kind}: {name} is not {word}")
    texts = (value,) if word == "str" else value if word == _TEXTS else ()
    unfit = _UNFIT_LINES if (kind, name) in _OF_SEVERAL_LINES else _UNFIT
    if any(len(text) > _MAX_TEXT_CHARS or unfit.search(text) for text in texts):
        raise _rubbish(f"{kind}: {name} holds what no line may hold, or is too long")
    return value


def _objection(kind: str, values: Mapping[str, Any]) -> str:
    if kind in _CODES and (values["code"] not in _CODES[kind] or not _ENHANCED.fullmatch(values["enhanced"])):
        return "that is no code of its class"
    if kind in _CODES and values["enhanced"][0] != str(values["code"])[0]:
        return "code and enhanced code are not of one class"
    if any((kind, name) in _FIELD_NAMES and not _NAME.fullmatch(value) for name, value in values.items()):
        return "that is no name of a header field"
    if any((kind, name) in _ADDRESSES and not _is_address(value) for name, value in values.items()):
        return "that is no address"
    if not all(_is_address(address) for address in values.get("recipients", ())):
        return "recipients are addresses"
    return _EXTRA[kind](values) if kind in _EXTRA else ""


def _is_address(value: str) -> bool:
    return "@" in value and _ADDRESS.fullmatch(value) is not None


def _sender_objection(values: Mapping[str, Any]) -> str:
    return "" if not values["address"] or _is_address(values["address"]) else "that is no address"


def _moderate_objection(values: Mapping[str, Any]) -> str:
    if not all(_is_address(address) for address in values["by"]) or not values["by"]:
        return "by are addresses"
    if values["on_expire"] not in _ON_EXPIRE or not values["expire_s"] > 0:
        return "it says not when or how it expires"
    return ""


def _severity_objection(values: Mapping[str, Any]) -> str:
    return "" if values["severity"] in _SEVERITIES else "severity is low, medium or high"


_EXTRA: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "change_sender": _sender_objection,
    "moderate": _moderate_objection,
    "audit": _severity_objection,
    "tag": lambda values: "" if values["name"] else "a tag has a name",
}
_TEXTS = "tuple[str, ...]"
_IS: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: type(value) is str,
    "int": lambda value: type(value) is int,
    "bool": lambda value: type(value) is bool,
    "float": lambda value: type(value) is float and math.isfinite(value),
    _TEXTS: lambda value: (
        type(value) is tuple and len(value) <= _MAX_ITEMS and all(type(item) is str for item in value)
    ),
}


def _size(action: RuleAction) -> int:
    values = (getattr(action, name) for name in _FIELDS[type(action)])
    return sum(len(value) if isinstance(value, str) else sum(map(len, value)) for value in values if _has_text(value))


def _has_text(value: object) -> bool:
    return isinstance(value, str | tuple)


def _rubbish(text: str) -> PluginFailure:
    return PluginFailure(text, kind="rubbish")
