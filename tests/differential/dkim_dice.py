# SPDX-License-Identifier: GPL-3.0-or-later
"""Random choices that a seed repeats, among what a peer may be asked about."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """``without`` names the peculiarities that must not happen; README.md says why for each peer."""

    def __init__(self, seed: int, without: frozenset[str] = frozenset()) -> None:
        self._random = Random(seed)
        self._without = without
        self.happened: list[str] = []
        """Peculiarities of this case, for whoever reads of its failure."""

    def pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self._random.sample(items, len(items))

    def often(self, probability: float) -> bool:
        return self._random.random() < probability

    def happens(self, peculiarity: str, probability: float) -> bool:
        """Decide about something that has a name."""
        if not self.often(probability) or peculiarity in self._without:
            return False
        self.happened.append(peculiarity)
        return True
