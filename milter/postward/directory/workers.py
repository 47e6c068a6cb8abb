# SPDX-License-Identifier: GPL-3.0-or-later
"""A few threads that wait for one source, so that whoever asks need not wait for longer than it wants to."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from postward.directory.source import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")


class _Runnable(Protocol):
    def run(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Job(Generic[_Answer]):
    call: Callable[[], _Answer]
    future: Future[_Answer]

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.call())
        except SourceFailure as error:
            self.future.set_exception(error)
        finally:
            # What nobody foresaw ends the thread, and Python tells it; nobody need wait for the time-out.
            if not self.future.done():
                self.future.set_exception(SourceFailure("failed in a way that nobody foresaw"))


class Workers:
    """Daemon threads, begun when they are needed: one that a source holds for ever holds up nobody's end."""

    def __init__(self, name: str, threads: int, at_end: Callable[[], None]) -> None:
        """``at_end`` is called by every thread as it ends, for what it may have left open."""
        self._name = name
        self._most = threads
        self._at_end = at_end
        self._jobs: deque[_Runnable] = deque()
        self._condition = threading.Condition()
        self._threads = 0
        self._idle = 0
        self._closed = False

    def submit(self, call: Callable[[], _Answer]) -> Future[_Answer]:
        """Have a thread call it; one that is cancelled before its turn is never called."""
        job = _Job(call, Future())
        with self._condition:
            if self._closed:
                job.future.set_exception(SourceFailure("closed"))
                return job.future
            self._jobs.append(job)
            if len(self._jobs) > self._idle and self._threads < self._most:
                self._begin()
            self._condition.notify()
        return job.future

    def close(self) -> None:
        """Take no more; threads end with what they are doing."""
        with self._condition:
            self._closed = True
            self._jobs.clear()
            self._condition.notify_all()

    def _begin(self) -> None:
        try:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
        except RuntimeError:
            # The system gives no more threads; those that there are will come to it, or the question times out.
            return
        self._threads += 1

    def _work(self) -> None:
        try:
            while (job := self._next()) is not None:
                job.run()
        finally:
            with self._condition:
                self._threads -= 1
            self._at_end()

    def _next(self) -> _Runnable | None:
        with self._condition:
            self._idle += 1
            while not self._jobs and not self._closed:
                self._condition.wait()
            self._idle -= 1
            return self._jobs.popleft() if self._jobs else None
