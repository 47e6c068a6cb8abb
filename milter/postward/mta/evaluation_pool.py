# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that Python made, for all work: libmilter's own threads only record, and wait for these.

C code that calls back into Python from inside a milter callback ends the process, for libmilter moves a
session from thread to thread while pymilter keeps one Python thread state for it.
"""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from postward.mta.boundary import guarded

if TYPE_CHECKING:
    from collections.abc import Callable


class Ticket:
    """One piece of work, and the place where its owner waits for it."""

    __slots__ = ("_done", "_pool", "_work", "error", "is_abandoned", "is_finished")

    def __init__(self, pool: EvaluationPool, work: Callable[[], None]) -> None:
        self._pool = pool
        self._work = work
        self._done = threading.Lock()
        self._done.acquire()
        self.error: Exception | None = None
        self.is_finished = False
        self.is_abandoned = False

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end of the work, at most so long; True where it has ended.  For one waiter, once True."""
        return self._done.acquire(timeout=max(timeout_s, 0.0))

    def abandon(self) -> bool:
        """Stop caring; False where the work has ended meanwhile."""
        return self._pool.abandon(self)

    def run(self) -> None:
        """Do the work and wake the waiter; on a thread of the pool."""
        if not self.is_abandoned:
            guarded(self._failed, self._work)
        self._pool.finish(self)
        self._done.release()

    def _failed(self, error: Exception) -> None:
        self.error = error


def start_thread(body: Callable[[], None]) -> None:
    """Run ``body`` on a daemon thread; raises RuntimeError where the system has none to give."""
    threading.Thread(target=body, name="evaluation", daemon=True).start()


class EvaluationPool:
    """Runs work on up to ``max_threads`` threads, made as they are needed."""

    def __init__(self, max_threads: int, *, start: Callable[[Callable[[], None]], None] = start_thread) -> None:
        self._max_threads = max_threads
        self._start = start
        self._queue: SimpleQueue[Ticket] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._busy = 0
        self._stuck = 0

    @property
    def busy(self) -> int:
        """Pieces of work under way or waiting."""
        return self._busy

    @property
    def stuck(self) -> int:
        """Evaluations that nobody waits for any more and that are still under way."""
        return self._stuck

    def submit(self, work: Callable[[], None], *, is_urgent: bool = False) -> Ticket:
        """Start ``work``; urgent work gets a thread even where all are taken."""
        ticket = Ticket(self, work)
        with self._lock:
            self._busy += 1
            needs_thread = self._busy > self._threads and (is_urgent or self._threads < self._max_threads)
            self._threads += needs_thread
        if is_urgent and needs_thread:
            self._add_thread(ticket)
            return ticket
        self._queue.put(ticket)
        if needs_thread:
            self._add_thread(None)
        return ticket

    def _add_thread(self, first: Ticket | None) -> None:
        try:
            self._start(lambda: self._serve(first))
        except RuntimeError:
            # The work waits for a thread that is there, or for the next that can be had.
            with self._lock:
                self._threads -= 1
            if first is not None:
                self._queue.put(first)

    def _serve(self, first: Ticket | None) -> None:
        if first is not None:
            first.run()
        while True:
            self._queue.get().run()

    def finish(self, ticket: Ticket) -> None:
        """Take note that the work of ``ticket`` has ended."""
        with self._lock:
            ticket.is_finished = True
            self._busy -= 1
            self._stuck -= ticket.is_abandoned

    def abandon(self, ticket: Ticket) -> bool:
        """Take note that nobody waits for ``ticket``; False where it has ended meanwhile."""
        with self._lock:
            if ticket.is_finished:
                return False
            ticket.is_abandoned = True
            self._stuck += 1
            return True
