# SPDX-License-Identifier: GPL-3.0-or-later
"""How what is learnt of senders fares on its way to Redis; see ``store.reputation.watcher.Watcher``."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

from postward.observability.families import REPUTATION_LOST, REPUTATION_REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics

_TOLD_EVERY_S = 60.0
"""A Redis that is down would fill a log with a line every second."""


class ReputationReporting:
    """Safe from every thread; not for libmilter's, for a line is written to the log."""

    def __init__(self, log: EventLog, metrics: WorkerMetrics, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._metrics = metrics
        self._clock = clock
        self._lock = Lock()
        self._told_s: dict[str, float] = {}

    def refused(self, values: int) -> None:
        """Count values in Redis that are none of ours, and log it."""
        self._metrics.add(REPUTATION_REFUSED, amount=values)
        if self._is_to_be_told("refused"):
            self._log.warning("reputation.refused", values=values)

    def lost(self, why: str, keys: int) -> None:
        """Count additions that are given up, and log it."""
        self._metrics.add(REPUTATION_LOST, why, amount=keys)
        if self._is_to_be_told(why):
            self._log.warning("reputation.lost", why=why, keys=keys)

    def failed(self, words: str) -> None:
        """Log that what was learnt could not be written, and is kept."""
        if self._is_to_be_told("failed"):
            self._log.warning("reputation.not_written", text=words)

    def _is_to_be_told(self, what: str) -> bool:
        """Whether the same was not told a moment ago; there are as many as there are methods and reasons."""
        now_s = self._clock()
        with self._lock:
            last_s = self._told_s.get(what)
            if last_s is not None and now_s - last_s < _TOLD_EVERY_S:
                return False
            self._told_s[what] = now_s
            return True
