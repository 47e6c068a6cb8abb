# SPDX-License-Identifier: GPL-3.0-or-later
"""One transport rule, compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from postward.model.rule_outcome import RuleMode
from postward.rules.conditions.tree import ALWAYS
from postward.rules.needs import Need
from postward.rules.rule_directions import DIRECTIONS
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.activation import Activation
    from postward.rules.conditions.base import Condition
    from postward.rules.rule_test import RuleTest
    from postward.rules.templates import ActionTemplate

Quantifier = Literal["each", "any", "all"]
OnError = Literal["ignore", "defer", "reject", "quarantine"]
WholeMessage = Literal["any", "all", "split"]

DEFAULT_PRIORITY = 100
DEFAULT_TIMEOUT_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """As it stands in a file of rules.d."""

    id: str
    where: str = ""
    """``rules.d/10.yaml:12``."""
    description: str = ""
    owner: str = ""
    directions: frozenset[str] = frozenset(DIRECTIONS)
    active: Activation | None = None
    mode: RuleMode = RuleMode.ENFORCE
    priority: int = DEFAULT_PRIORITY
    """Lower ones come first."""
    severity: str = ""
    quantifier: Quantifier = "each"
    whole_message: WholeMessage | None = None
    include_bounces: bool = False
    """Look at mail with the null sender too."""
    condition: Condition = ALWAYS
    unless: Condition | None = None
    actions: tuple[ActionTemplate, ...] = ()
    plugin: str = ""
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """Of the plugin."""
    plugin_needs: frozenset[Need] = frozenset()
    plugin_may: frozenset[str] = frozenset()
    stop: bool = False
    on_error: OnError = "ignore"
    timeout_s: float = DEFAULT_TIMEOUT_S
    stage: Stage = Stage.END
    """RCPT where it answers recipients, END where it is asked for the whole message."""
    tests: tuple[RuleTest, ...] = ()

    @cached_property
    def needs(self) -> frozenset[Need]:
        """All that it reads."""
        asked = self.condition.needs | (self.unless.needs if self.unless is not None else frozenset())
        return asked.union(self.plugin_needs, *(action.needs for action in self.actions))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of action that it may take."""
        return self.plugin_may | {action.kind for action in self.actions}

    @cached_property
    def is_per_recipient(self) -> bool:
        """Whether it looks at each recipient, and not at the message alone."""
        return (
            self.condition.is_per_recipient
            or (self.unless is not None and self.unless.is_per_recipient)
            or any(action.is_per_recipient for action in self.actions)
        )

    @cached_property
    def recipient_conditions(self) -> tuple[Condition, ...]:
        """The single conditions that look at the recipient, and can be asked as often as one likes."""
        trees = (self.condition,) if self.unless is None else (self.condition, self.unless)
        leaves = (leaf for tree in trees for leaf in tree.leaves())
        return tuple(leaf for leaf in leaves if leaf.is_per_recipient and Need.RATE not in leaf.needs)

    @property
    def routes(self) -> bool:
        """Whether it may send the message another way."""
        return "route" in self.kinds

    def is_active(self, now_s: float) -> bool:
        """Whether it is in force at that time."""
        return self.active is None or self.active.holds_at(now_s)
