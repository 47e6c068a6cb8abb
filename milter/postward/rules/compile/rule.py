# SPDX-License-Identifier: GPL-3.0-or-later
"""One rule: from its mapping to what is evaluated."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

from postward.model.rule_outcome import RuleMode
from postward.rules.compile.action import actions
from postward.rules.compile.clock import activation
from postward.rules.compile.condition import condition_tree
from postward.rules.compile.place import Faulty, did_you_mean
from postward.rules.compile.quantity import duration
from postward.rules.compile.rule_tests import rule_tests
from postward.rules.compile.staging import recipient_objection
from postward.rules.conditions.tree import ALWAYS
from postward.rules.rule import DEFAULT_PRIORITY, DEFAULT_TIMEOUT_S, Rule
from postward.rules.rule_directions import DIRECTIONS
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from postward.rules.activation import Activation
    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition
    from postward.rules.rule import OnError, Quantifier, WholeMessage
    from postward.rules.rule_test import RuleTest
    from postward.rules.templates import ActionTemplate

KEYS = (
    "id", "description", "owner", "enabled", "direction", "active", "mode", "priority", "severity", "stage",
    "recipients", "whole_message", "include_bounces", "when", "unless", "do", "plugin", "settings", "stop",
    "on_error", "timeout", "tests",
)  # fmt: skip
DESTRUCTIVE = frozenset({"reject", "defer", "discard", "quarantine", "moderate", "redirect"})
_DECISIVE = DESTRUCTIVE | {"route"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_ANY = "any"
_MAX_DESCRIPTION_CHARS = 1_000
_TIMEOUT_S = (0.05, 120.0)
_T = TypeVar("_T")
_RENAMED = {"on": "direction", "if": "when", "except": "unless", "then": "do", "actions": "do", "name": "id"}


def compile_rule(place: Place, context: Context) -> Rule | None:
    """Read a rule; None for one that is not enabled.  Raises Faulty, with every fault noted that was found."""
    before = len(place.faults.errors)
    reader = _Reader(_entries(place), place, context)
    rule = reader.rule()
    if len(place.faults.errors) > before:
        raise Faulty
    return rule if reader.is_enabled else None


def _entries(place: Place) -> Mapping[str, Place]:
    entries = place.mapping()
    for name, at in entries.items():
        if name not in KEYS:
            known = _RENAMED.get(name.lower())
            at.key_fault("unknown key", f"did you mean {known}?" if known else did_you_mean(name, KEYS))
    return entries


class _Reader:
    """Reads the keys of one rule, each on its own, so that all faults are found at once."""

    def __init__(self, entries: Mapping[str, Place], place: Place, context: Context) -> None:
        self._entries = entries
        self._place = place
        self._context = context
        self.is_enabled = True

    def rule(self) -> Rule:
        """Read all keys; what is faulty is as if it were not there."""
        context = self._context
        name = self._read("id", _rule_id)
        if "id" not in self._entries:
            self._place.fault("has no id", "write id: a-name-of-its-own")
        context.rule = name or ""
        if name and "include_bounces" in self._entries:
            context.says_of_bounces.add(name)
        self.is_enabled = self._read("enabled", lambda at: at.truth()) is not False
        directions = self._directions()
        condition, unless = self._conditions()
        captures = condition.captures if condition is not None else frozenset()
        found = self._read("do", lambda at: actions(at, context, captures)) or ()
        plugin = self._plugin(found)
        rule = self._assembled(name or "", directions, condition or ALWAYS, unless, found, plugin)
        self._check_condition(rule)
        return rule

    def _assembled(  # noqa: PLR0917 - one for each key that every rule has
        self,
        name: str,
        directions: frozenset[str],
        condition: Condition,
        unless: Condition | None,
        found: tuple[ActionTemplate, ...],
        plugin: str,
    ) -> Rule:
        plugins = self._context.plugins
        may = plugins.may(plugin) if plugin else frozenset()
        kinds = may | {action.kind for action in found}
        usual_timeout_s = plugins.timeout_s(plugin) if plugin else DEFAULT_TIMEOUT_S
        rule = Rule(
            id=name,
            where=self._place.where,
            description=self._read("description", _description) or "",
            owner=self._read("owner", _description) or "",
            directions=directions,
            active=self._activation(),
            mode=RuleMode(self._choice("mode", tuple(RuleMode), RuleMode.ENFORCE)),
            priority=self._priority(),
            severity=self._choice("severity", ("low", "medium", "high"), ""),
            quantifier=cast("Quantifier", self._choice("recipients", ("each", "any", "all"), "each")),
            whole_message=cast(
                "WholeMessage | None", self._choice("whole_message", ("any", "all", "split"), "") or None
            ),
            include_bounces=self._read("include_bounces", lambda at: at.truth()) or False,
            condition=condition,
            unless=unless,
            actions=found,
            plugin=plugin,
            settings=self._settings(plugin),
            plugin_needs=plugins.needs(plugin) if plugin else frozenset(),
            plugin_may=may,
            stop=self._stop(),
            on_error=self._on_error(kinds, plugin),
            timeout_s=self._read("timeout", lambda at: duration(at, *_TIMEOUT_S)) or usual_timeout_s,
            tests=self._tests(name),
        )
        return self._staged(rule)

    def _conditions(self) -> tuple[Condition | None, Condition | None]:
        context = self._context
        condition: Condition | None = ALWAYS
        if "when" in self._entries:
            condition = self._read("when", lambda at: condition_tree(at, context))
        return condition, self._read("unless", self._exception)

    def _exception(self, place: Place) -> Condition:
        exception = condition_tree(place, self._context)
        if exception is ALWAYS:
            raise place.fault("the rule would never match", "write enabled: false to switch it off")
        return exception

    def _directions(self) -> frozenset[str]:
        if "direction" not in self._entries:
            self._place.fault("has no direction", f"write direction: {', '.join(DIRECTIONS)} or any")
        return self._read("direction", _directions) or frozenset()

    def _plugin(self, found: tuple[ActionTemplate, ...]) -> str:
        if "do" not in self._entries and "plugin" not in self._entries:
            self._place.fault("does nothing", "write do: [...], or plugin: NAME")
        name = self._read("plugin", self._plugin_name) or ""
        if name and found:
            self._entries["do"].key_fault("cannot stand beside plugin", "the plugin gives the actions")
        if not name and "settings" in self._entries and "plugin" not in self._entries:
            self._entries["settings"].key_fault("are those of a plugin, and there is none")
        return name

    def _plugin_name(self, place: Place) -> str:
        name, known = place.text(), tuple(self._context.plugins.names())
        if name not in known:
            hint = (
                did_you_mean(name, known) if known else "see rules.plugin_path and rules.entry_points in postward.yaml"
            )
            raise place.fault("there is no such plugin", hint)
        return name

    def _settings(self, plugin: str) -> Mapping[str, object]:
        place = self._entries.get("settings")
        values: Mapping[str, object] = {}
        if place is not None and place.is_mapping:
            values = cast("Mapping[str, object]", place.plain())
        elif place is not None and (place.is_list or place.scalar is not None):
            place.fault("must be a mapping of keys to values")
        if plugin:
            self._context.plugins.check_settings(plugin, values, self._setting_fault)
        return MappingProxyType(dict(values))

    def _setting_fault(self, path: tuple[str | int, ...], message: str, hint: str) -> None:
        at = self._entries.get("settings", self._entries["plugin"])
        if "settings" in self._entries:
            at = at.below(path)
        at.fault(message, hint)

    def _activation(self) -> Activation | None:
        found = self._read("active", activation)
        now_s = self._context.now_s
        if found is not None and now_s is not None and found.is_over_at(now_s):
            self._entries["active"].warn("the rule will never be in force again", "take it away, or change until")
        return found

    def _priority(self) -> int:
        found = self._read("priority", lambda at: at.whole_number(-1_000_000, 1_000_000))
        return DEFAULT_PRIORITY if found is None else found

    def _stop(self) -> bool:
        return self._read("stop", _stop) or False

    def _on_error(self, kinds: frozenset[str], plugin: str) -> OnError:
        usual = self._context.plugins.on_error(plugin) if plugin else ""
        usual = usual or ("defer" if kinds & _DECISIVE else "ignore")
        return cast("OnError", self._choice("on_error", ("ignore", "defer", "reject", "quarantine"), usual))

    def _tests(self, rule: str) -> tuple[RuleTest, ...]:
        return self._read("tests", lambda at: rule_tests(at, rule)) or ()

    def _staged(self, rule: Rule) -> Rule:
        """Give the rule the earliest stage that can decide it, or the one that it names."""
        wanted = self._choice("stage", ("rcpt", "end"), "")
        objection = recipient_objection(rule)
        if wanted == "rcpt" and objection:
            self._entries["stage"].fault(f"cannot be decided while recipients come: {objection}")
        if objection or wanted == "end":
            return rule
        return replace(rule, stage=Stage.RCPT)

    def _check_condition(self, rule: Rule) -> None:
        harm = sorted(DESTRUCTIVE & {action.kind for action in rule.actions})
        if harm and "when" not in self._entries and "unless" not in self._entries:
            self._entries["do"].key_fault(
                f"{harm[0]} would be done to every message, for the rule has no condition",
                "write when: always where that is meant",
            )

    def _choice(self, key: str, words: tuple[str, ...], usual: str) -> str:
        return self._read(key, lambda at: at.choice(words)) or usual

    def _read(self, key: str, read: Callable[[Place], _T]) -> _T | None:
        """Read a key; None where it is not there, or faulty."""
        if key not in self._entries:
            return None
        with self._place.faults.collected():
            return read(self._entries[key])
        return None


def _rule_id(place: Place) -> str:
    text = place.text()
    if not _ID.fullmatch(text):
        raise place.fault("is no id", "write letters and digits with - . or _ between them, 64 at most")
    return text


def _description(place: Place) -> str:
    text = place.text(may_be_empty=True)
    if len(text) > _MAX_DESCRIPTION_CHARS:
        raise place.fault(f"is longer than {_MAX_DESCRIPTION_CHARS} characters")
    return text


def _directions(place: Place) -> frozenset[str]:
    words = frozenset(at.choice((*DIRECTIONS, _ANY)) for at in place.item_or_items())
    if not words:
        raise place.fault("names no direction")
    return words | frozenset(DIRECTIONS) if _ANY in words else words


def _stop(place: Place) -> bool:
    if isinstance(place.scalar, bool):
        return place.scalar
    return place.choice(("rule_set",)) == "rule_set"
