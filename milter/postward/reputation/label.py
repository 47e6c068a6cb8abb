# SPDX-License-Identifier: GPL-3.0-or-later
"""What one message teaches about those whom it comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass

from postward.model.reputation import Evidence

_AT_JUNK = 0.7
"""How likely a message is bad whose score is that of junk; where it is suspect it is likely good by as much."""
_STEEPEST = 50.0
_SEEN = Evidence(seen=1.0)
VIRUS = Evidence(bad=1.0, hard=1.0, seen=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSettings:
    """The scores from which on the operator takes a message for suspect, and for junk."""

    suspect_threshold: float = 3.0
    junk_threshold: float = 5.0

    def probability(self, score: float) -> float:
        """How likely a message of that score is bad."""
        half = (self.junk_threshold - self.suspect_threshold) / 2
        middle = (self.junk_threshold + self.suspect_threshold) / 2
        steps = (score - middle) / half if half > 0 else math.copysign(_STEEPEST, score - middle)
        logit = math.log(_AT_JUNK / (1 - _AT_JUNK)) * steps
        return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, logit))))


def label(against: float, favour: float, settings: LabelSettings) -> Evidence:
    """Say what a message teaches: bad by the score ``against`` it, good by the score ``favour``, which is not lower.

    The surer the score the more it weighs; between suspect and junk it teaches nothing but that it came.
    """
    if against >= settings.junk_threshold:
        return Evidence(bad=2 * settings.probability(against) - 1, seen=1.0)
    if favour < settings.suspect_threshold:
        return Evidence(good=1 - 2 * settings.probability(favour), seen=1.0)
    return _SEEN
