# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that says what it is told to, for answers that no real daemon can be made to give."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Answering:
    """Hands each connection to ``serve``, on a thread of its own, and closes it afterwards."""

    def __init__(self, path: Path, serve: Callable[[socket.socket], None]) -> None:
        self.address = f"unix:{path}"
        self.connections = 0
        self._serve = serve
        self._open: deque[socket.socket] = deque()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        for opened in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                self.connections += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self._serve(connection)


def drain(connection: socket.socket, end: bytes) -> bytes:
    """Receive until ``end``."""
    received = b""
    while end not in received and (piece := connection.recv(65_536)):
        received += piece
    return received
