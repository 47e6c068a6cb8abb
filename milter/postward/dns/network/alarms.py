# SPDX-License-Identifier: GPL-3.0-or-later
"""Things to do at a later time."""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Alarms:
    """Calls that fall due; one that is no longer wanted has to find that out itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def set(self, delay_s: float, call: Callable[[], None]) -> None:
        """Have ``run_due`` make the call so many seconds from now."""
        heapq.heappush(self._heap, (self._clock() + delay_s, next(self._numbers), call))

    def timeout_s(self) -> float | None:
        """How long nothing is due; None for ever."""
        return max(self._heap[0][0] - self._clock(), 0.0) if self._heap else None

    def run_due(self) -> None:
        """Make the calls whose time has come."""
        while self._heap and self._heap[0][0] <= self._clock():
            heapq.heappop(self._heap)[2]()


def sooner(one_s: float | None, other_s: float | None) -> float | None:
    """Return the shorter of two waits, where None is for ever."""
    if one_s is None or other_s is None:
        return other_s if one_s is None else one_s
    return min(one_s, other_s)
