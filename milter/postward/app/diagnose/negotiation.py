# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask a milter socket whether somebody serves it."""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import TYPE_CHECKING

from postward.model.milter_socket import UnixSocket

if TYPE_CHECKING:
    from postward.model.milter_socket import MilterSocket

_NEGOTIATE = b"O"
_QUIT = b"Q"
_VERSION = 6
_ALL_ACTIONS, _ALL_STEPS = 0x1FF, 0x1FFFFF


def probe_milter(address: MilterSocket, timeout_s: float) -> None:
    """Negotiate the milter protocol and take leave; a connection alone proves only that the socket exists.

    Raises OSError where nobody answers in time, or not as a milter does.
    """
    with _connect(address, timeout_s) as connection:
        options = struct.pack("!III", _VERSION, _ALL_ACTIONS, _ALL_STEPS)
        connection.sendall(_packet(_NEGOTIATE, options))
        head = _receive(connection, 5)
        if head[4:] != _NEGOTIATE:
            raise ConnectionError("what listens there does not answer as a milter")
        # The question is answered; a milter that has hung up already needs no farewell.
        with contextlib.suppress(OSError):
            connection.sendall(_packet(_QUIT))


def _connect(address: MilterSocket, timeout_s: float) -> socket.socket:
    if isinstance(address, UnixSocket):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout_s)
        try:
            connection.connect(address.path)
        except OSError:
            connection.close()
            raise
        return connection
    any_host = "::1" if address.is_ipv6 else "127.0.0.1"
    return socket.create_connection((address.host or any_host, address.port), timeout_s)


def _packet(command: bytes, data: bytes = b"") -> bytes:
    return struct.pack("!I", 1 + len(data)) + command + data


def _receive(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        piece = connection.recv(size - len(received))
        if not piece:
            raise ConnectionError("what listens there does not answer as a milter: it has hung up")
        received += piece
    return received
