# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for an answer, and no longer than agreed, with an eye on whether it is this host that is slow."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

_Answer = TypeVar("_Answer")
_SLICE_S = 0.03
"""Whoever waits wakes up so often, to find out whether it is this host that is slow."""


class TooLate(Exception):
    """No answer came in time."""

    def __init__(self, overslept_s: float, *, is_unsent: bool = False) -> None:
        """``overslept_s`` is for how much longer than asked for this host has kept the waiting thread asleep."""
        super().__init__()
        self.overslept_s = overslept_s
        self.is_unsent = is_unsent
        """Certainly nothing was sent."""


class TimedSocket(Protocol):
    """What ``ImpatientSocket`` reads from."""

    def settimeout(self, seconds: float, /) -> None:
        """Bound each following read and write."""
        ...

    def sendall(self, octets: bytes, /) -> None:
        """Send them all."""
        ...

    def recv(self, size: int, /) -> bytes:
        """Some octets; none where the other side has ended."""
        ...


def waited(future: Future[_Answer], allowed_s: float) -> _Answer:
    """Wait for what another thread does; raises TooLate, and what the other thread has raised."""
    started_s = before_s = time.perf_counter()
    overslept_s = 0.0
    while (left_s := allowed_s - (before_s - started_s)) > 0:
        slice_s = min(_SLICE_S, left_s)
        try:
            return future.result(slice_s)
        except TimeoutError:
            after_s = time.perf_counter()
            overslept_s += after_s - before_s - slice_s
            before_s = after_s
    raise TooLate(overslept_s, is_unsent=future.cancel())


class ImpatientSocket:
    """A socket that is waited for until one moment, also where a byte comes now and then.  For one thread."""

    def __init__(self, source: TimedSocket, allowed_s: float) -> None:
        self._source = source
        self._until_s = time.perf_counter() + allowed_s
        self._overslept_s = 0.0
        self.has_read = False
        """Whether anything has come."""

    def sendall(self, octets: bytes, /) -> None:
        """Send them all; raises TimeoutError after a slice, for there is room for a question unless a server hangs."""
        self._source.settimeout(_SLICE_S)
        self._source.sendall(octets)

    def recv(self, size: int, /) -> bytes:
        """Some octets, none where the other side has ended; raises TooLate."""
        while True:
            before_s = time.perf_counter()
            left_s = self._until_s - before_s
            if left_s <= 0:
                raise TooLate(self._overslept_s)
            slice_s = min(_SLICE_S, left_s)
            self._source.settimeout(slice_s)
            try:
                octets = self._source.recv(size)
            except TimeoutError:
                self._overslept_s += max(0.0, time.perf_counter() - before_s - slice_s)
                continue
            self.has_read = self.has_read or bool(octets)
            return octets
