# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that matched a message, for people: the same words in ``scan`` and in ``rules test``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape as escape_markup

from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def matched_rules(rules: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give the lines, with rich's markup, of rules as ``app.rule_report`` tells them."""
    for rule in rules:
        audit = " (audit: nothing is done)" if rule["mode"] == "audit" else ""
        whom = f" for {visible(', '.join(rule['recipients']))}" if rule["recipients"] else ""
        yield f"[bold]rule {visible(rule['id'])}[/bold] {'matched' if rule['matched'] else 'failed'}{whom}{audit}"
        if rule["error"]:
            yield f"  [red]failed[/red]: {visible(rule['error'])}"
        yield from (f"  saw {visible(seen['asked'])}: {visible(seen['seen'])}" for seen in rule["seen"])
        yield from (f"  wants {visible(_told(action))}" for action in rule["actions"])
        yield from (
            f"  [red]refused[/red] {visible(_told(refused['action']))}: {visible(refused['reason'])}"
            for refused in rule["refused"]
        )


def _told(action: dict[str, Any]) -> str:
    fields = (f"{name}={_value(value)}" for name, value in action.items() if name != "type")
    return " ".join((action["type"], *fields))


def _value(value: Any) -> str:
    """As the log has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def visible(text: str) -> str:
    """Text from outside, safe on a terminal."""
    return escape_markup(escape(" ".join(str(text).split())))
