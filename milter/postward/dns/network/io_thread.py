# SPDX-License-Identifier: GPL-3.0-or-later
"""The one thread on which all DNS input and output happens."""

from __future__ import annotations

import math
import os
import select
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from typing import TYPE_CHECKING, Protocol

from postward.observability.background import BackgroundLoop, guarded

if TYPE_CHECKING:
    from postward.observability.logger import EventLog

FdHandler = Callable[[int, bool, bool], None]
"""Called with the descriptor, whether it can be read, and whether it can be written."""

_READABLE = select.POLLIN | select.POLLHUP | select.POLLERR
_WRITABLE = select.POLLOUT | select.POLLHUP | select.POLLERR
_WAKE_BYTES = 512


class Timed(Protocol):
    """The work that is done between two waits."""

    def timeout_s(self) -> float | None:
        """How long to wait at most; None for as long as nothing happens."""
        ...

    def tick(self) -> None:
        """Do what is due."""
        ...


class IoThread:
    """Waits for descriptors, and runs what other threads post.

    Posting does nothing but append to a deque and, at most once a wake-up, write one octet to a pipe: libmilter's
    threads may do it, on which nothing may run that calls back into Python from C.
    """

    def __init__(self, name: str, log: EventLog) -> None:
        self._name = name
        self._log = log
        self._work: Timed | None = None
        self._thread: threading.Thread | None = None
        self._posted: deque[Callable[[], None]] = deque()
        self._handlers: dict[int, FdHandler] = {}
        self._wake_read, self._wake_write = _pipe()
        self._awake = False
        self._poll = select.poll()
        self._poll.register(self._wake_read, select.POLLIN)
        self._stop = threading.Event()

    def start(self, work: Timed) -> None:
        """Start the thread; ``work`` is only ever used on it."""
        self._work = work
        self._thread = BackgroundLoop(self._name, self._step, self._log, self._stop).start()

    def post(self, work: Callable[[], None]) -> None:
        """Have ``work`` run on this thread, in the order of posting; never blocks."""
        self._posted.append(work)
        if not self._awake:
            self._awake = True
            self._wake()

    def watch(self, fd: int, handler: FdHandler, *, readable: bool, writable: bool) -> None:
        """Call ``handler`` when ``fd`` is ready for one of the two; with neither, stop.  On this thread only."""
        if readable or writable:
            self._handlers[fd] = handler
            self._poll.register(fd, (select.POLLIN if readable else 0) | (select.POLLOUT if writable else 0))
        elif self._handlers.pop(fd, None) is not None:
            self._poll.unregister(fd)

    def is_current(self) -> bool:
        """Tell whether the caller runs on this thread."""
        return threading.current_thread() is self._thread

    def stop(self, timeout_s: float) -> None:
        """Run what has been posted, then end the thread and wait for it so long at most."""
        self.post(self._stop.set)
        if self._thread is not None:
            self._thread.join(timeout_s)
        if self._thread is None or not self._thread.is_alive():
            self._wake_read.close()
            self._wake_write.close()

    def _wake(self) -> None:
        # A full pipe (None is returned) wakes the thread as well as another octet would; a closed one has no thread.
        with suppress(ValueError):
            self._wake_write.write(b"\0")

    def _step(self) -> None:
        try:
            self._wait()
        finally:
            # Whatever a handler raises: the octet that stood for these posts has perhaps been read.
            self._run_posted()
        if self._work is not None:
            self._work.tick()

    def _wait(self) -> None:
        timeout_s = None if self._work is None else self._work.timeout_s()
        for fd, events in self._poll.poll(None if timeout_s is None else math.ceil(timeout_s * 1000)):
            if fd == self._wake_read.fileno():
                self._wake_read.read(_WAKE_BYTES)
            else:
                self._handle(fd, events)

    def _run_posted(self) -> None:
        # Cleared before the deque is emptied: what is appended from here on writes to the pipe again.
        self._awake = False
        for _ in range(len(self._posted)):
            guarded(self._name, self._posted.popleft(), self._log)

    def _handle(self, fd: int, events: int) -> None:
        handler = self._handlers.get(fd)
        if handler is None:
            # Given up by the handler of another descriptor that was ready at the same time.
            return
        if events & select.POLLNVAL:
            # Closed behind our back.
            self.watch(fd, handler, readable=False, writable=False)
        else:
            handler(fd, bool(events & _READABLE), bool(events & _WRITABLE))


def _pipe() -> tuple[FileIO, FileIO]:
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    return FileIO(read, "rb"), FileIO(write, "wb")
