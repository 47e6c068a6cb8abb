# SPDX-License-Identifier: GPL-3.0-or-later
"""How scanners fare, in the log and in the metrics; see ``scanners.scanner.ScannerWatcher``."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

from postward.observability.families import SCANNER_FAILURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics

_TOLD_EVERY_S = 30.0
"""A scanner that is down would fill a log with every message."""


class ScannerReporting:
    """Safe from every thread; not for libmilter's, for a line is written to the log."""

    def __init__(self, log: EventLog, metrics: WorkerMetrics, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._metrics = metrics
        self._clock = clock
        self._lock = Lock()
        self._told_s: dict[tuple[str, str], float] = {}

    def failed(self, scanner: str, words: str, told: str) -> None:
        """Count a message that was not scanned, and log it unless the same was said of the scanner a moment ago."""
        self._metrics.add(SCANNER_FAILURES, scanner)
        now_s = self._clock()
        with self._lock:
            last_s = self._told_s.get((scanner, words))
            if last_s is not None and now_s - last_s < _TOLD_EVERY_S:
                return
            # As many as there are scanners and words, which are ours.
            self._told_s[scanner, words] = now_s
        self._log.warning("scanner.failed", scanner=scanner, text=words, told=told or None)

    def passed_over(self, scanner: str, seconds: float) -> None:
        """Log that it is not asked for a while."""
        self._log.error("scanner.passed_over", scanner=scanner, seconds=seconds)
