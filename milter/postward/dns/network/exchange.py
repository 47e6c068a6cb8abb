# SPDX-License-Identifier: GPL-3.0-or-later
"""One query to one server and what comes back, over UDP or TCP; non-blocking, on the I/O thread."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.network.io_thread import IoThread
    from postward.model.ip_endpoint import IpEndpoint

_MAX_MESSAGE_BYTES = 65535
_LENGTH_BYTES = 2
_READ_BYTES = 16384


class Exchange(Protocol):
    """A query on its way."""

    def close(self) -> None:
        """Stop listening."""
        ...


class DatagramExchange:
    """Sends one datagram from a port of its own, which the kernel chose, and hears that server only.

    ``received`` is called with every datagram, ``failed`` once with what the kernel says.
    """

    def __init__(
        self,
        server: IpEndpoint,
        query: bytes,
        io: IoThread,
        *,
        received: Callable[[bytes], None],
        failed: Callable[[OSError], None],
    ) -> None:
        """Raises ``OSError`` where it cannot be sent."""
        self._io = io
        self._received = received
        self._failed = failed
        self._socket = _open(server, socket.SOCK_DGRAM)
        try:
            self._socket.connect((str(server.address), server.port))
            self._socket.send(query)
        except OSError:
            self._socket.close()
            raise
        io.watch(self._socket.fileno(), self._ready, readable=True, writable=False)

    def close(self) -> None:
        """Stop listening."""
        _close(self._socket, self._io)

    def _ready(self, _fd: int, _readable: bool, _writable: bool) -> None:
        try:
            datagram = self._socket.recv(_MAX_MESSAGE_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._failed(error)
        else:
            self._received(datagram)


class StreamExchange:
    """Sends one message over a connection of its own and reads one back (RFC 7766 section 8)."""

    def __init__(
        self,
        server: IpEndpoint,
        query: bytes,
        io: IoThread,
        *,
        received: Callable[[bytes], None],
        failed: Callable[[OSError], None],
    ) -> None:
        """Raises ``OSError`` where the connection cannot even be begun."""
        self._io = io
        self._received = received
        self._failed = failed
        self._to_send = len(query).to_bytes(_LENGTH_BYTES, "big") + query
        self._buffer = bytearray()
        self._socket = _open(server, socket.SOCK_STREAM)
        try:
            self._socket.connect((str(server.address), server.port))
        except BlockingIOError:
            pass
        except OSError:
            self._socket.close()
            raise
        io.watch(self._socket.fileno(), self._ready, readable=False, writable=True)

    def close(self) -> None:
        """Hang up."""
        _close(self._socket, self._io)

    def _ready(self, fd: int, _readable: bool, _writable: bool) -> None:
        try:
            if self._to_send:
                self._to_send = self._to_send[self._socket.send(self._to_send) :]
                if not self._to_send:
                    self._io.watch(fd, self._ready, readable=True, writable=False)
                return
            self._take(self._socket.recv(_READ_BYTES))
        except BlockingIOError:
            return
        except OSError as error:
            self._failed(error)

    def _take(self, octets: bytes) -> None:
        if not octets:
            raise ConnectionResetError("the server hung up")
        self._buffer += octets
        end = _LENGTH_BYTES + int.from_bytes(self._buffer[:_LENGTH_BYTES], "big")
        if len(self._buffer) >= max(end, _LENGTH_BYTES + 1):
            self._received(bytes(self._buffer[_LENGTH_BYTES:end]))


def _open(server: IpEndpoint, kind: socket.SocketKind) -> socket.socket:
    family = socket.AF_INET if server.address.version == 4 else socket.AF_INET6  # noqa: PLR2004 - IPv4
    return socket.socket(family, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)


def _close(sock: socket.socket, io: IoThread) -> None:
    if sock.fileno() >= 0:
        io.watch(sock.fileno(), _nothing, readable=False, writable=False)
        sock.close()


def _nothing(_fd: int, _readable: bool, _writable: bool) -> None:
    """Stand in for a handler where none is wanted any more."""
