# SPDX-License-Identifier: GPL-3.0-or-later
"""The signals of the supervisor, as something that a poll can wait for."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


class Signals:
    """Collects SIGTERM, SIGINT, SIGHUP and SIGCHLD; becomes readable when one has come."""

    def __init__(self) -> None:
        self._heard: set[int] = set()
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)  # noqa: FBT003 - positional only
        self._write.setblocking(False)  # noqa: FBT003 - positional only
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, self._hear)

    def fileno(self) -> int:
        """The descriptor to poll."""
        return self._read.fileno()

    def take(self) -> frozenset[int]:
        """Return the signals that have come since the last call."""
        with suppress(BlockingIOError):
            self._read.recv(4096)
        heard, self._heard = self._heard, set()
        return frozenset(heard)

    def close(self) -> None:
        """Wake no poll any more."""
        signal.set_wakeup_fd(-1)
        self._read.close()
        self._write.close()

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._heard.add(number)
