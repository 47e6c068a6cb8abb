# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules in force, in their order."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from postward.rules.index import RuleIndex
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postward.errors import ConfigError
    from postward.rules.message.message import Message
    from postward.rules.needs import Need
    from postward.rules.rule import Rule


class RuleSet:
    """Cannot be changed; a reload makes another."""

    def __init__(
        self,
        rules: Iterable[Rule] = (),
        *,
        digest: str = "",
        warnings: Sequence[ConfigError] = (),
        switched_off: int = 0,
    ) -> None:
        """``rules`` in any order; ties of priority keep the one in which they come."""
        self.rules = tuple(sorted(rules, key=lambda rule: rule.priority))
        self.digest = digest
        """Of all that the rules were read from: the same for the same rules."""
        self.warnings = tuple(warnings)
        """What is probably not meant."""
        self.switched_off = switched_off
        """How many rules were read that say ``enabled: false``; they are not among ``rules``."""
        self.at_recipient = tuple(rule for rule in self.rules if rule.stage < Stage.END)
        """Those that answer a recipient, from the envelope alone."""
        self.at_end = tuple(rule for rule in self.rules if rule.stage >= Stage.END)
        """Those that are asked once the message has come."""
        self._index = RuleIndex(self.at_end)
        self._recipient_index = RuleIndex(self.at_recipient)

    @cached_property
    def needs(self) -> frozenset[Need]:
        """All that any rule reads."""
        return frozenset().union(*(rule.needs for rule in self.rules))

    def recipient_candidates(self, message: Message) -> Sequence[int]:
        """Indexes of ``at_recipient``, in order: of rules that may match the envelope with the recipient at hand."""
        return self._recipient_index.candidates(message)

    def candidates(self, message: Message) -> Sequence[int]:
        """Indexes of ``at_end``, in order: of rules that may match the message as it is now.

        All others cannot.  What a rule changes may let others match: ask again with the changed message.
        """
        return self._index.candidates(message)


NO_RULE_SET = RuleSet()
