# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of those whom a message comes from: how bad their mail is, how surely, and by how many messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.rules.conditions.attribute import TruthAttribute
from postward.rules.conditions.base import Finding, shown
from postward.rules.conditions.leaf import Leaf
from postward.rules.needs import Need

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.conditions.base import Subject
    from postward.rules.conditions.number import Comparison
    from postward.rules.message.reputation_view import IdentityView, ReputationView

UNKNOWN = "the reputation store was not asked, or did not answer"
_NEEDS = frozenset({Need.REPUTATION})

CORRESPONDENT = TruthAttribute(
    name="correspondent",
    read=lambda message: message.reputation.is_correspondent if message.reputation is not None else None,
    needs=_NEEDS,
)
"""Neither true nor false while the store does not answer."""
REPUTATION_KNOWN = TruthAttribute(
    name="reputation.known", read=lambda message: message.reputation is not None, needs=_NEEDS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReputationTests:
    """All of it holds of one and the same identity."""

    numbers: Mapping[str, tuple[Comparison, ...]]
    """By the field of ``IdentityView``."""

    def hold(self, identity: IdentityView) -> bool:
        """Whether all is so."""
        return all(
            comparison.holds(getattr(identity, name))
            for name, comparisons in self.numbers.items()
            for comparison in comparisons
        )

    def __str__(self) -> str:
        return " and ".join(f"{name} {each}" for name, comparisons in self.numbers.items() for each in comparisons)


class ReputationCondition(Leaf):
    """Holds where one of those who are meant is as the tests have it.

    It does not hold while the store does not answer: what is not known is not held against a message.
    """

    needs = _NEEDS

    def __init__(self, whose: tuple[str, ...], tests: ReputationTests) -> None:
        """``whose`` are words of ``WHOSE``."""
        self._whose = whose
        self._tests = tests
        self._asked = f"reputation of {' or '.join(whose)}: {tests}"

    def test(self, subject: Subject) -> Finding:
        """Compare."""
        reputation = subject.message.reputation
        if reputation is None:
            return Finding(matched=False, asked=self._asked, seen=UNKNOWN)
        meant = self._meant(reputation)
        found = next((identity for identity in meant if self._tests.hold(identity)), None)
        told = (found,) if found is not None else meant
        return Finding(
            matched=found is not None,
            asked=self._asked,
            seen=shown("; ".join(map(str, told)) or "the message has none that counts"),
        )

    def _meant(self, reputation: ReputationView) -> tuple[IdentityView, ...]:
        found = (identity for word in self._whose for identity in reputation.of(word))
        return tuple({identity.kind: identity for identity in found}.values())
