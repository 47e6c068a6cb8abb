# SPDX-License-Identifier: GPL-3.0-or-later
"""A scanner that is mostly right: how likely it takes a message for bad, and what that teaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.model.reputation import Evidence

if TYPE_CHECKING:
    from random import Random

_GREY = (0.3, 0.7)
_SURE, _UNSURE = 8.0, 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """What it says of a message is drawn from a beta distribution; its mode is near the truth."""

    wrong: float = 0.03
    """In so many of all messages it sees the opposite."""

    def judge(self, rng: Random, *, is_bad: bool) -> float:
        """How likely the message is bad, as it seems."""
        seems_bad = is_bad != (rng.random() < self.wrong)
        return rng.betavariate(_SURE, _UNSURE) if seems_bad else rng.betavariate(_UNSURE, _SURE)


def lesson(probability: float) -> Evidence:
    """What one message teaches: nothing where the scanner is not sure, else |2p-1| of a message."""
    low, high = _GREY
    if low < probability < high:
        return Evidence(seen=1.0)
    weight = abs(2.0 * probability - 1.0)
    is_bad = probability >= high
    return Evidence(good=0.0 if is_bad else weight, bad=weight if is_bad else 0.0, seen=1.0)
