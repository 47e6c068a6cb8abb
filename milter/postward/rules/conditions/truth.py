# SPDX-License-Identifier: GPL-3.0-or-later
"""An attribute that is true or false, and one that is so by what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.base import Finding
from postward.rules.conditions.leaf import Leaf

if TYPE_CHECKING:
    from postward.rules.conditions.attribute import TruthAttribute
    from postward.rules.conditions.base import Subject


class TruthCondition(Leaf):
    """Holds where the attribute is what is wanted; where nobody can say, neither true nor false holds."""

    def __init__(self, attribute: TruthAttribute, *, wanted: bool) -> None:
        self._attribute = attribute
        self._wanted = wanted
        self.needs = attribute.needs
        self.stage = attribute.stage
        self.is_per_recipient = attribute.is_per_recipient

    def test(self, subject: Subject) -> Finding:
        """Compare."""
        value = self._attribute.read(subject.message)
        seen = "unknown" if value is None else str(value).lower()
        return Finding(
            matched=value is self._wanted, asked=f"{self._attribute.name} is {str(self._wanted).lower()}", seen=seen
        )
