"""Knock at a milter's socket as an MTA does: connect, and negotiate."""

from __future__ import annotations

import contextlib
import socket
import struct

from postward.config import InetSocket, UnixSocket

_TIMEOUT_S = 5.0
# Milter protocol 6: length, command O, version, the actions and the protocol steps that the MTA offers.
_NEGOTIATE = struct.pack(">IcIII", 13, b"O", 6, 0x1FF, 0x1FFFFF)
_QUIT = struct.pack(">Ic", 1, b"Q")
_HEAD_BYTES = 5


def knock(endpoint: UnixSocket | InetSocket) -> str:
    """Connect and negotiate; "" where a milter answers, else why not, in words.  Bounded by a few seconds."""
    try:
        with _connect(endpoint) as connection:
            connection.sendall(_NEGOTIATE)
            head = connection.recv(_HEAD_BYTES, socket.MSG_WAITALL)
            if head[4:5] != b"O":
                return "what listens there does not answer as a milter"
            # The question is answered; a milter that has hung up already needs no farewell.
            with contextlib.suppress(OSError):
                connection.sendall(_QUIT)
    except TimeoutError:
        return "no answer in time"
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _connect(endpoint: UnixSocket | InetSocket) -> socket.socket:
    if isinstance(endpoint, InetSocket):
        return socket.create_connection((endpoint.host, endpoint.port), timeout=_TIMEOUT_S)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_TIMEOUT_S)
    try:
        connection.connect(endpoint.path)
    except OSError:
        connection.close()
        raise
    return connection
