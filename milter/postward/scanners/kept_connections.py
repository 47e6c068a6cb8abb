# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections to one scanner that are kept for further questions."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from postward.scanners.connection import connect
from postward.scanners.failure import ScannerGone

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.milter_socket import MilterSocket
    from postward.scanners.connection import Connection

_Answer = TypeVar("_Answer")


class KeptConnections:
    """Safe from every thread; there are never more than there were questions at a time."""

    def __init__(self, address: MilterSocket, *, max_idle: int, clock: Callable[[], float]) -> None:
        self._address = address
        self._max_idle = max_idle
        self._clock = clock
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._is_closed = False

    def ask(self, deadline_s: float, question: Callable[[Connection], tuple[_Answer, bool]]) -> _Answer:
        """Ask over a connection; ``question`` gives the answer, and whether the connection can serve for another.

        It is asked again over another connection where a kept one proves stale: after a restart they all do.
        Raises ScannerFailure.
        """
        while True:
            kept = self._take()
            if kept is not None:
                kept.deadline_s = deadline_s
            connection = kept or connect(self._address, deadline_s=deadline_s, clock=self._clock)
            serves_on = False
            try:
                answer, serves_on = question(connection)
            except ScannerGone:
                if kept is None:
                    raise
            else:
                return answer
            finally:
                self._give_back(connection, serves_on=serves_on)

    def close(self) -> None:
        """End those that are idle, and keep no more."""
        with self._lock:
            idle, self._idle, self._is_closed = self._idle, [], True
        for connection in idle:
            connection.close()

    def _take(self) -> Connection | None:
        # Idle, it has nothing to say: what can be read is its end.
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None or not connection.has_answered():
                return connection
            connection.close()

    def _give_back(self, connection: Connection, *, serves_on: bool) -> None:
        with self._lock:
            if serves_on and not self._is_closed and len(self._idle) < self._max_idle:
                connection.questions += 1
                self._idle.append(connection)
                return
        connection.close()
