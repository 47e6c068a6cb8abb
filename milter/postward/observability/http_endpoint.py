# SPDX-License-Identifier: GPL-3.0-or-later
"""One page over HTTP on loopback, served by a loop that never waits for a slow client."""

from __future__ import annotations

import ipaddress
import selectors
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.observability.collector_settings import MetricsAddress

PATH = b"/metrics"
_MAX_CLIENTS = 16
_MAX_REQUEST_BYTES = 8192
_CLIENT_DEADLINE_S = 3.0
"""From the connection to the last byte of the answer."""


@dataclass(slots=True, kw_only=True)
class _Client:
    """One connection: first its request grows, then the answer shrinks."""

    socket: socket.socket
    deadline_s: float
    request: bytes = b""
    answer: memoryview | None = None


class HttpEndpoint:
    """Answers ``GET /metrics``; all its sockets stand in the selector of whoever runs it.

    Every key that it registers carries a callable as data, to be called when the socket is ready.  Raises OSError
    where the address cannot be had, ValueError where it is none.
    """

    def __init__(
        self,
        settings: MetricsAddress,
        selector: selectors.BaseSelector,
        page: Callable[[], tuple[str, bytes]],
        clock: Callable[[], float],
    ) -> None:
        """``page`` returns content type and body; ``clock`` is monotonic, in seconds."""
        self._selector = selector
        self._page = page
        self._clock = clock
        self._clients: dict[int, _Client] = {}
        self._listener = _listen(settings)
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    @property
    def port(self) -> int:
        """The port in use."""
        port: int = self._listener.getsockname()[1]
        return port

    def expire(self) -> None:
        """Close the connections that have had their time; to be called every second or so."""
        now_s = self._clock()
        for client in [client for client in self._clients.values() if client.deadline_s <= now_s]:
            self._close(client)

    def close(self) -> None:
        """Close the listening socket and every connection."""
        self._selector.unregister(self._listener)
        self._listener.close()
        for client in list(self._clients.values()):
            self._close(client)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if len(self._clients) >= _MAX_CLIENTS:
            connection.close()
            return
        connection.settimeout(0)
        client = _Client(socket=connection, deadline_s=self._clock() + _CLIENT_DEADLINE_S)
        self._clients[connection.fileno()] = client
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._advance(client))

    def _advance(self, client: _Client) -> None:
        if client.socket.fileno() < 0:
            # Closed in the same round of the loop in which it had become ready.
            return
        try:
            if client.answer is None:
                self._read(client)
            else:
                self._write(client, client.answer)
        except BlockingIOError:
            return
        except OSError:
            self._close(client)

    def _read(self, client: _Client) -> None:
        room = _MAX_REQUEST_BYTES - len(client.request)
        received = client.socket.recv(room)
        client.request += received
        if b"\r\n\r\n" in client.request or b"\n\n" in client.request:
            self._answer(client, self._respond(client.request))
        elif not received:
            self._close(client)
        elif len(received) == room:
            self._answer(client, _response("431 Request Header Fields Too Large", "text/plain", b"too long\n"))

    def _answer(self, client: _Client, answer: bytes) -> None:
        client.answer = memoryview(answer)
        self._selector.modify(client.socket, selectors.EVENT_WRITE, lambda: self._advance(client))

    def _write(self, client: _Client, answer: memoryview) -> None:
        client.answer = answer[client.socket.send(answer) :]
        if not client.answer:
            client.socket.shutdown(socket.SHUT_WR)
            self._close(client)

    def _respond(self, request: bytes) -> bytes:
        method, _, rest = request.partition(b"\n")[0].partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if method not in {b"GET", b"HEAD"}:
            return _response("405 Method Not Allowed", "text/plain", b"only GET\n")
        if path != PATH:
            return _response("404 Not Found", "text/plain", b"see /metrics\n")
        content_type, body = self._page()
        return _response("200 OK", content_type, body, with_body=method == b"GET")

    def _close(self, client: _Client) -> None:
        del self._clients[client.socket.fileno()]
        self._selector.unregister(client.socket)
        client.socket.close()


def _listen(settings: MetricsAddress) -> socket.socket:
    version = ipaddress.ip_address(settings.address).version
    listener = socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET, socket.SOCK_STREAM)  # noqa: PLR2004
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.address, settings.port))
        listener.listen(_MAX_CLIENTS)
        listener.settimeout(0)
    except OSError:
        listener.close()
        raise
    return listener


def _response(status: str, content_type: str, body: bytes, *, with_body: bool = True) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + (body if with_body else b"")
