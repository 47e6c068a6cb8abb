# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions as a rule writes them: the values that a message gives are filled in when the rule matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.rule_action import RuleAction
    from postward.rules.conditions.base import Subject
    from postward.rules.needs import Need


class ActionTemplate(Protocol):
    """One action of a rule."""

    @property
    def kind(self) -> str:
        """As in ``ACTION_KINDS``."""
        ...

    @property
    def needs(self) -> frozenset[Need]:
        """What its values are read from."""
        ...

    @property
    def is_per_recipient(self) -> bool:
        """Whether its values differ from one recipient to the next."""
        ...

    @property
    def is_whole_message(self) -> bool:
        """Whether it concerns the message with all its recipients, once that has come."""
        ...

    def make(self, subject: Subject, captures: Mapping[str, str]) -> RuleAction:
        """Fill it in; raises RuleFailure where what it names is not there, TemporaryFailure where nobody can say."""
        ...
