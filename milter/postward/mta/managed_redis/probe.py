# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking a redis-server whether it lives, without redis-py and without ever waiting."""

from __future__ import annotations

import socket

_MAX_ANSWER = 1024
_PING = b"PING\r\n"


class Probe:
    """One connection to the server at a Unix socket, made when it is first needed, and anew when it breaks.

    Commands are written inline, which Redis reads as well as its own form.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._socket: socket.socket | None = None
        self._read = b""

    def fileno(self) -> int:
        """The descriptor to poll; -1 while there is no connection."""
        return self._socket.fileno() if self._socket is not None else -1

    def ask(self) -> bool:
        """Ask whether the server lives; False where nobody can be asked."""
        return self.tell(_PING)

    def tell(self, command: bytes) -> bool:
        """Send one command, CR LF included; False where nobody takes it."""
        try:
            if self._socket is None:
                self._connect()
            return self._socket is not None and self._socket.send(command) == len(command)
        except OSError:
            self.close()
            return False

    def answers(self) -> list[bytes]:
        """The lines that have come: one for each command."""
        if self._socket is None:
            return []
        try:
            got = self._socket.recv(_MAX_ANSWER)
        except BlockingIOError:
            return []
        except OSError:
            got = b""
        *lines, rest = (self._read + got).split(b"\n")
        self._read = rest[:_MAX_ANSWER]
        if not got:
            self.close()
        return [line.rstrip(b"\r") for line in lines]

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._read = None, b""

    def _connect(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)  # noqa: FBT003 - positional only
        self._socket.connect(self._path)
