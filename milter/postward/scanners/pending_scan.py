# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan under way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from postward.model.scan_result import ScanResult, ScanStatus

if TYPE_CHECKING:
    from postward.scanners.scanned_message import ScannedMessage


class PendingScan:
    """Settled once, by whoever comes first: the thread that asks, or the one that has waited long enough."""

    def __init__(self, message: ScannedMessage, *, deadline_s: float) -> None:
        self.message = message
        self.deadline_s = deadline_s
        self.is_trial = False
        """The scanner has to say that it lives before it is shown the message."""
        self.has_fair_time = False
        """The scanner is being asked, and was given most of the time: not if the message waited for its turn."""
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._result: ScanResult | None = None

    @property
    def is_settled(self) -> bool:
        """There is a result."""
        return self._done.is_set()

    @property
    def result(self) -> ScanResult:
        """The result of a scan that is settled."""
        if self._result is None:
            raise RuntimeError("the scan is not settled")
        return self._result

    def settle(self, result: ScanResult) -> bool:
        """Give the result; False where there is one already."""
        with self._lock:
            if self._result is not None:
                return False
            self._result = result
        self._done.set()
        return True

    def wait(self, timeout_s: float) -> ScanResult | None:
        """Wait for the result; None where it does not come in time."""
        self._done.wait(max(timeout_s, 0.0))
        return self._result


def failed(words: str, *, defers: bool) -> ScanResult:
    """Give the result of a scan that came to nothing."""
    return ScanResult(status=ScanStatus.FAILED, reason=words, defers=defers)


def skipped(words: str) -> ScanResult:
    """Give the result of a scan that was not wanted."""
    return ScanResult(status=ScanStatus.SKIPPED, reason=words)
