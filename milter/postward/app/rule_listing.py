# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules in the order in which they are asked, each with when and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.rules.conditions.base import IndexKeys
    from postward.rules.rule import Rule
    from postward.rules.rule_set import RuleSet

ALWAYS_LOOKED_AT = "always looked at"
_MAX_VALUES = 3
_ENTRY = ".entry"
"""What the index calls an address, its domain, and every domain above; a reader need not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRule:
    """One rule, in words."""

    stage: str
    """rcpt or end."""
    priority: int
    id: str
    where: str
    mode: str
    on_error: str
    direction: str
    does: str
    """Its actions and its plugin."""
    index: str
    """What a message must have for the rule to be asked at all."""

    def report(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


def listed_rules(rule_set: RuleSet) -> Iterator[ListedRule]:
    """List those that answer recipients first, for they are asked first."""
    for rule in (*rule_set.at_recipient, *rule_set.at_end):
        yield ListedRule(
            stage="rcpt" if rule.stage < Stage.END else "end",
            priority=rule.priority,
            id=rule.id,
            where=rule.where,
            mode=rule.mode.value,
            on_error=rule.on_error,
            direction="any" if "any" in rule.directions else ", ".join(sorted(rule.directions)),
            does=_does(rule),
            index=index_words(rule.condition.keys()),
        )


def index_words(keys: tuple[IndexKeys, ...] | None) -> str:
    """Say what is looked up before a rule is asked."""
    if keys is None:
        return ALWAYS_LOOKED_AT
    return " or ".join(f"{key.attribute.removesuffix(_ENTRY)} {_values(key.values)}" for key in keys)


def _does(rule: Rule) -> str:
    kinds = [action.kind for action in rule.actions]
    return ", ".join([*kinds, f"plugin {rule.plugin}"] if rule.plugin else kinds)


def _values(values: frozenset[str]) -> str:
    shown = sorted(values)[:_MAX_VALUES]
    more = f" and {len(values) - _MAX_VALUES} more" if len(values) > _MAX_VALUES else ""
    return f"{', '.join(shown)}{more}"
