# SPDX-License-Identifier: GPL-3.0-or-later
"""A scanner that nobody waits for longer than agreed, and that is passed over while it hangs."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Protocol

from postward.scanners.breaker import Breaker, Permission
from postward.scanners.failure import ScannerDeclined, ScannerFailure, ScannerTimeout
from postward.scanners.pending_scan import PendingScan, failed, skipped
from postward.scanners.settings import OnFailure

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.scan_result import ScanResult
    from postward.scanners.scanned_message import ScannedMessage
    from postward.scanners.settings import ScannerSettings

_GRACE_S = 0.2
"""The thread that asks keeps the deadline by itself, and comes first unless it is held."""
_TIMED_OUT = "did not answer in time"
_NO_TIME = "was not free in time"
_PASSED_OVER = "is passed over, for it did not answer in time"


class ScannerProtocol(Protocol):
    """How one kind of scanner is asked; safe from every thread."""

    def scan(self, message: ScannedMessage, deadline_s: float) -> ScanResult:
        """Show it a message; raises ScannerFailure, by ``deadline_s`` at the latest."""
        ...

    def ping(self, deadline_s: float) -> None:
        """Return when it says that it lives; raises ScannerFailure."""
        ...

    def close(self) -> None:
        """End what is kept open."""
        ...


class ScannerWatcher(Protocol):
    """Is told how scanners fare; called from many threads, none of them libmilter's."""

    def failed(self, scanner: str, words: str, told: str) -> None:
        """A message could not be shown to it; ``told`` is from outside."""
        ...

    def passed_over(self, scanner: str, seconds: float) -> None:
        """It does not answer, and is not asked for a while."""
        ...


class Scanner:
    """Asks on threads of its own, begun when they are needed: not to be taken over a fork once it has been asked."""

    def __init__(
        self,
        settings: ScannerSettings,
        protocol: ScannerProtocol,
        *,
        clock: Callable[[], float],
        watcher: ScannerWatcher,
    ) -> None:
        """``clock`` is the machine's monotonic one."""
        self.settings = settings
        self._protocol = protocol
        self._clock = clock
        self._watcher = watcher
        self._breaker = Breaker(pass_over_s=settings.pass_over_s, clock=clock)
        self._condition = threading.Condition()
        self._waiting: deque[PendingScan] = deque()
        self._threads = 0
        self._idle = 0
        self._is_closed = False

    def begin(self, message: ScannedMessage) -> PendingScan:
        """Have the message scanned, and do not wait; ``collect`` gives what comes of it."""
        pending = PendingScan(message, deadline_s=self._clock() + self.settings.timeout_s)
        if (too_large := self._too_large(message.size_bytes)) is not None:
            pending.settle(too_large)
            return pending
        permission = self._breaker.ask()
        if permission is Permission.NO:
            pending.settle(self._failure(_PASSED_OVER))
            return pending
        pending.is_trial = permission is Permission.TRIAL
        self._submit(pending)
        return pending

    def collect(self, pending: PendingScan) -> ScanResult:
        """Wait for the answer, no longer than the time-out from its beginning on."""
        result = pending.wait(pending.deadline_s + _GRACE_S - self._clock())
        if result is None:
            # A thread that is held elsewhere, as by a look-up of the scanner's name, is waited for no longer.
            self._time_out(pending)
        return pending.result

    def said(self, pending: PendingScan | None, reason: str, size_bytes: int) -> ScanResult:
        """Give the answer if it is there, and else a failure for ``reason``; does not wait.

        It would not have been asked about a message of more than so many octets at any other time either.
        """
        if pending is not None and pending.is_settled:
            return pending.result
        return self._too_large(size_bytes) or self._failure(reason)

    def close(self) -> None:
        """Ask no more; threads end with what they are doing."""
        with self._condition:
            self._is_closed = True
            self._waiting.clear()
            self._condition.notify_all()
        self._protocol.close()

    def _submit(self, pending: PendingScan) -> None:
        with self._condition:
            self._waiting.append(pending)
            if len(self._waiting) > self._idle and self._threads < self.settings.concurrency:
                self._begin_thread()
            self._condition.notify()

    def _begin_thread(self) -> None:
        try:
            threading.Thread(target=self._work, name=f"scanner-{self.settings.name}", daemon=True).start()
        except RuntimeError:
            # The system gives no more threads; those that there are will come to it, or it is not scanned in time.
            return
        self._threads += 1

    def _work(self) -> None:
        while (pending := self._next()) is not None:
            is_done = False
            try:
                self._ask(pending)
                is_done = True
            finally:
                # What nobody foresaw ends the thread, and Python tells it; nobody need wait for the time-out.
                if not is_done:
                    with self._condition:
                        self._threads -= 1
                    pending.settle(self._failure("failed in a way that nobody foresaw"))

    def _next(self) -> PendingScan | None:
        with self._condition:
            self._idle += 1
            while not self._waiting and not self._is_closed:
                self._condition.wait()
            self._idle -= 1
            if self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            return None

    def _ask(self, pending: PendingScan) -> None:
        if pending.is_settled:
            return
        if self._clock() >= pending.deadline_s:
            pending.settle(self._failure(_NO_TIME))
            return
        if self._breaker.is_open and not pending.is_trial:
            # It waited behind the message that found the scanner hanging.
            pending.settle(self._failure(_PASSED_OVER))
            return
        pending.has_fair_time = pending.is_trial or pending.deadline_s - self._clock() > self.settings.timeout_s / 2
        try:
            if pending.is_trial:
                self._protocol.ping(min(pending.deadline_s, self._clock() + self.settings.trial_s))
            result = self._protocol.scan(pending.message, pending.deadline_s)
        except ScannerDeclined as error:
            self._breaker.answered()
            pending.settle(skipped(str(error)))
        except ScannerTimeout:
            self._time_out(pending)
            if pending.has_fair_time:
                self._look_whether_it_lives(pending)
        except (ScannerFailure, OSError) as error:
            # OSError: of the file that holds a large body.
            self._breaker.answered()
            words = str(error) if isinstance(error, ScannerFailure) else "could not be given the whole message"
            self._watcher.failed(self.settings.name, words, getattr(error, "told", str(error)))
            pending.settle(self._failure(words))
        else:
            self._breaker.answered()
            pending.settle(result)

    def _time_out(self, pending: PendingScan) -> None:
        """Settle a scan for which there is no more time; only one that had enough of it tells of the scanner."""
        if pending.is_settled:
            return
        if pending.has_fair_time:
            # Before the message goes on, so that the next one finds the breaker open.
            self._breaker.timed_out()
        words = _TIMED_OUT if pending.has_fair_time else _NO_TIME
        if pending.settle(self._failure(words)):
            self._watcher.failed(self.settings.name, words, "")

    def _look_whether_it_lives(self, pending: PendingScan) -> None:
        """Nobody waits for this any more: a scanner that lives was only slow with one message."""
        try:
            if not pending.is_trial:
                self._protocol.ping(self._clock() + self.settings.trial_s)
                if self._breaker.lives():
                    return
        except ScannerFailure:
            pass
        self._watcher.passed_over(self.settings.name, self.settings.pass_over_s)

    def _too_large(self, size_bytes: int) -> ScanResult | None:
        most = self.settings.max_bytes
        return skipped(f"the message is larger than {most} bytes") if size_bytes > most else None

    def _failure(self, words: str) -> ScanResult:
        return failed(words, defers=self.settings.on_failure is OnFailure.TEMPFAIL)
