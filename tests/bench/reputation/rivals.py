# SPDX-License-Identifier: GPL-3.0-or-later
"""What other filters make of the same evidence: a flat mean, a plain ratio, and a mean that fades with time alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

_DAY_S = 86_400.0


class Rival(Protocol):
    """One identity's reputation, without anything above it."""

    def expect(self, base: float) -> float:
        """The share of bad mail that it expects; ``base`` is that of everybody, for what it does not know."""
        ...

    def learn(self, at_s: float, *, is_bad: bool, weight: float) -> None:
        """Learn of one message; ``weight`` is how sure the scanner was, 0 in the grey zone."""
        ...


@dataclass(slots=True)
class FlatMean:
    """A beta-binomial mean around that of everybody, which fades like ours, but with no levels in between."""

    strength: float = 2.0
    half_life_s: float = 14 * _DAY_S
    good: float = 0.0
    bad: float = 0.0
    last_s: float = 0.0

    def expect(self, base: float) -> float:
        """See Rival."""
        return (self.bad + self.strength * base) / (self.good + self.bad + self.strength)

    def learn(self, at_s: float, *, is_bad: bool, weight: float) -> None:
        """See Rival."""
        fading = 2.0 ** (-max(0.0, at_s - self.last_s) / self.half_life_s)
        self.good, self.bad, self.last_s = self.good * fading, self.bad * fading, at_s
        if is_bad:
            self.bad += weight
        else:
            self.good += weight


@dataclass(slots=True)
class PlainRatio:
    """Bad messages of all, as TxRep's mean of scores has it; nothing fades."""

    seen: int = 0
    bad: int = 0

    def expect(self, base: float) -> float:
        """See Rival."""
        return self.bad / self.seen if self.seen else base

    def learn(self, _at_s: float, *, is_bad: bool, weight: float) -> None:
        """See Rival."""
        self.seen += 1
        self.bad += is_bad


@dataclass(slots=True)
class TimedEwma:
    """As rspamd's reputation module: a message counts by the time since the one before it, whatever comes between.

    The first message counts in full, and nothing is said before ``least`` messages have come.
    """

    window_s: float = 30 * _DAY_S
    least: int = 10
    seen: int = 0
    value: float = 0.0
    last_s: float = 0.0

    def expect(self, base: float) -> float:
        """See Rival."""
        return self.value if self.seen >= self.least else base

    def learn(self, at_s: float, *, is_bad: bool, weight: float) -> None:
        """See Rival."""
        # It asks the clock for full seconds: of several messages in one of them, the first alone counts.
        second = math.floor(at_s)
        alpha = 1.0 - math.exp(-max(0.0, second - self.last_s) / self.window_s) if self.seen else 1.0
        self.value += alpha * (float(is_bad) - self.value)
        self.seen, self.last_s = self.seen + 1, second
