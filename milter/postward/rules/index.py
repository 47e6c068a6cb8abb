"""Which rules can match a message at all, found out without asking each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.rules.message.message import Message
    from postward.rules.rule import Rule

_NEVER_SAID = frozenset({"unknown"})


class RuleIndex:
    """Made once for a list of rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._directions = [rule.directions for rule in rules]

    def candidates(self, message: Message) -> Sequence[int]:
        """Give the indexes of the rules that may match, in their order."""
        ways = frozenset(view.direction for view in message.recipients) or frozenset({message.direction})
        everything = not ways.isdisjoint(_NEVER_SAID)
        return [
            index for index, directions in enumerate(self._directions) if everything or not directions.isdisjoint(ways)
        ]
