# SPDX-License-Identifier: GPL-3.0-or-later
"""The detectors by name, and the condition that counts what one of them finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.base import Finding
from postward.rules.conditions.leaf import Leaf
from postward.rules.detectors.iban import ibans
from postward.rules.detectors.payment_card import payment_cards
from postward.rules.needs import Need

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.rules.conditions.base import Subject

DETECTORS: dict[str, Callable[[str], frozenset[str]]] = {"payment_card": payment_cards, "iban": ibans}


class DetectorCondition(Leaf):
    """Subject and body hold at least so many distinct numbers of a kind.  The numbers themselves are told to nobody."""

    needs = frozenset({Need.BODY, Need.HEADERS})

    def __init__(self, name: str, least: int) -> None:
        self._name = name
        self._least = least
        self._asked = f"detector {name} finds {least} at least"

    def test(self, subject: Subject) -> Finding:
        """Count."""
        message = subject.message
        detect = DETECTORS[self._name]
        found = detect(message.body_text) | detect(message.subject)
        return Finding(matched=len(found) >= self._least, asked=self._asked, seen=f"{len(found)} found")
