# SPDX-License-Identifier: GPL-3.0-or-later
"""How Redis fares, in the log and in the metrics; see ``store.timed_calls.RedisWatcher``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.families import REDIS_FAILURES, REDIS_UP

if TYPE_CHECKING:
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics


class RedisReporting:
    """Safe from every thread; not for libmilter's, for a line is written to the log."""

    def __init__(self, log: EventLog, metrics: WorkerMetrics) -> None:
        self._log = log
        self._metrics = metrics
        metrics.set(REDIS_UP, 1)

    def failed(self, kind: str) -> None:
        """Count a call that failed."""
        self._metrics.add(REDIS_FAILURES, kind)

    def passed_over(self, words: str, pause_s: float) -> None:
        """Log that this worker does not ask it for a while."""
        self._metrics.set(REDIS_UP, 0)
        self._log.warning("redis.passed_over", text=words, seconds=pause_s)

    def answers(self) -> None:
        """Log that it answers again."""
        self._metrics.set(REDIS_UP, 1)
        self._log.info("redis.answers")
