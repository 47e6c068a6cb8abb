# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the work for one message may wait for somebody, all together."""

from __future__ import annotations

import threading


class TimeBudget:
    """Safe from every thread; only what was waited is spent."""

    __slots__ = ("_beyond", "_left_s", "_lock")

    def __init__(self, total_s: float) -> None:
        self._left_s = total_s
        self._beyond: TimeBudget | None = None
        self._lock = threading.Lock()

    @property
    def left_s(self) -> float:
        """Seconds that may still be waited; never negative."""
        return self._left_s

    def spend(self, waited_s: float) -> None:
        """Take off what was waited."""
        with self._lock:
            self._left_s = max(0.0, self._left_s - max(0.0, waited_s))

    def beyond(self, total_s: float) -> TimeBudget:
        """Give what may be waited besides for what must not be missed: one more budget, the same whoever asks."""
        with self._lock:
            if self._beyond is None:
                self._beyond = TimeBudget(total_s)
            return self._beyond
