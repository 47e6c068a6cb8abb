# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers with a check digit, for plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.detectors.iban import ibans
from postward.rules.detectors.payment_card import payment_cards
from postward.rules.plugins.definition import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable

_DETECTORS: dict[str, Callable[[str], frozenset[str]]] = {"payment_card": payment_cards, "iban": ibans}


def detect(name: str, text: str) -> frozenset[str]:
    """Give the distinct numbers of a kind in a text: ``payment_card`` or ``iban``.  Raises PluginError."""
    detector = _DETECTORS.get(name)
    if detector is None:
        raise PluginError(f"{name!r:.100} is not one of {', '.join(_DETECTORS)}")
    return detector(text)
