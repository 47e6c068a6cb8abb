# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule's action in words: for logs and commands, which are not bound to remember its class."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from postward.model.rule_action import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.rule_action import RuleAction

ActionValue = str | int | float | bool | list[str]

_ADDRESSES = frozenset({"address", "by", "notify", "recipients", "to"})
"""Fields that hold envelope addresses, and words such as ``sender`` that stand for one."""
_MAX_CHARS = 200
_MAX_ITEMS = 20


def action_fields(action: RuleAction) -> dict[str, ActionValue]:
    """Give the kind as ``type``, and every field that says something; text from outside stands unescaped in it."""
    told: dict[str, ActionValue] = {"type": kind_of(action)}
    for field in fields(action):
        value = getattr(action, field.name)
        if value not in {"", ()}:
            told[field.name] = list(value) if isinstance(value, tuple) else value
    return told


def action_words(
    action: RuleAction,
    *,
    show_address: Callable[[str], str] = str,
    show_text: Callable[[str], str] = str,
) -> str:
    """Say an action on one line, as ``reject code=550 text=Go away``; long values are cut.

    ``show_address`` and ``show_text`` say what may be shown of an address, and of text that may quote one.
    """
    told = action_fields(action)
    words = [str(told.pop("type"))]
    for name, value in told.items():
        show = show_address if name in _ADDRESSES else show_text
        words.append(f"{name}={_shown(value, show)}")
    return " ".join(words)


def _shown(value: ActionValue, show: Callable[[str], str]) -> str:
    if isinstance(value, list):
        more = ",…" if len(value) > _MAX_ITEMS else ""
        return ",".join(show(item)[:_MAX_CHARS] for item in value[:_MAX_ITEMS]) + more
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return show(value)[:_MAX_CHARS]
    return f"{value:g}"
