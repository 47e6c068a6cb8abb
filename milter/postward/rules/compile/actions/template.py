# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that is made when its rule matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.rules.action_scope import WHOLE_MESSAGE_KINDS

if TYPE_CHECKING:
    from postward.model.rule_action import RuleAction
    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Subject
    from postward.rules.needs import Need
    from postward.rules.text_template import TextTemplate

Make = Callable[["Subject", Mapping[str, str]], "RuleAction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """See ``rules.templates.ActionTemplate``."""

    kind: str
    build: Make
    needs: frozenset[Need] = frozenset()
    is_per_recipient: bool = False
    is_whole_message: bool = False

    def make(self, subject: Subject, captures: Mapping[str, str]) -> RuleAction:
        """Fill it in."""
        return self.build(subject, captures)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an action is read from: ``place`` is what stands behind its name, None for a name alone."""

    kind: str
    place: Place | None
    name_place: Place
    """Where the action itself stands, for faults of what is missing."""
    context: Context
    captures: frozenset[str]

    def operand(self) -> Place:
        """Give what must stand behind the name."""
        if self.place is None:
            raise self.name_place.fault(f"{self.kind} needs a value", f"write {{{self.kind}: ...}}")
        return self.place

    def only_name(self) -> None:
        """Check that there is nothing behind the name that says anything."""
        if self.place is not None and self.place.scalar is not True:
            raise self.place.fault("takes no value", f"write {self.kind} alone")

    def action(self, build: Make, *templates: TextTemplate) -> Action:
        """Make the action; ``templates`` are those that it fills."""
        return Action(
            kind=self.kind,
            build=build,
            needs=frozenset().union(*(template.needs for template in templates)),
            is_per_recipient=any(template.is_per_recipient for template in templates),
            is_whole_message=self.kind in WHOLE_MESSAGE_KINDS,
        )

    def constant(self, action: RuleAction) -> Action:
        """Make an action that is the same for every message."""
        return self.action(lambda _subject, _captures: action)
