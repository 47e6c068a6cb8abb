# SPDX-License-Identifier: GPL-3.0-or-later
"""How good forecasts are: the mean square of what they were off, by how much was known when they were made."""

from __future__ import annotations

from dataclasses import dataclass, field

GROUPS = (("0", 0), ("1-2", 1), ("3-9", 3), ("10-49", 10), ("50+", 50))
"""The name of each group, and from how many observations of its own on an identity is in it."""
ALL = "all"


@dataclass(slots=True)
class Brier:
    """Forecasts of one method; 0 is the best that there is, and 0.25 what a coin gets."""

    squares: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, observations: int, forecast: float, *, is_bad: bool) -> None:
        """Note one forecast and what was the case."""
        square = (forecast - float(is_bad)) ** 2
        for group in (group_of(observations), ALL):
            self.squares[group] = self.squares.get(group, 0.0) + square
            self.counts[group] = self.counts.get(group, 0) + 1

    def score(self, group: str) -> float | None:
        """The mean of a group; None where there was nothing in it."""
        count = self.counts.get(group, 0)
        return self.squares[group] / count if count else None


def group_of(observations: int) -> str:
    """The group of an identity of which so many messages have come before."""
    return next(name for name, least in reversed(GROUPS) if observations >= least)
