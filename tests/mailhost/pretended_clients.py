# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to a mail host on which each connection comes from another address, for a client that has but one."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Self

from tests.mailhost.failure import MailHostError
from tests.mailhost.loopback import HOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.mailhost.smtp import Client

_TIMEOUT_S = 120
_PIECE_BYTES = 65_536


@dataclass(slots=True)
class PretendedClients:
    """Used as a context manager: what connects to ``port`` talks to ``target``, as the next of ``clients``.

    The last of them stays; names come by Postfix's XCLIENT extension.
    """

    target: int
    """Port of a Postfix on loopback."""
    clients: Sequence[Client]
    used: list[Client] = field(init=False, default_factory=list)
    """Who has connected until now."""
    _server: socketserver.ThreadingTCPServer = field(init=False)

    def __enter__(self) -> Self:
        pretended = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                # Either side may be the first to go.
                with contextlib.suppress(OSError):
                    pretended.carry(self.request)

        self._server = socketserver.ThreadingTCPServer((HOST, 0), Connection)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return self._server.server_address[1]

    def carry(self, connection: socket.socket) -> None:
        """Carry one connection until one of its ends is closed."""
        client = self.clients[min(len(self.used), len(self.clients) - 1)]
        self.used.append(client)
        with socket.create_connection((HOST, self.target), timeout=_TIMEOUT_S) as ahead:
            connection.settimeout(_TIMEOUT_S)
            connection.sendall(_introduce(ahead, client))
            answering = threading.Thread(target=_copy, args=(ahead, connection), daemon=True)
            answering.start()
            _copy(connection, ahead)
            answering.join()


def _introduce(ahead: socket.socket, client: Client) -> bytes:
    """Say who the client is, and return the greeting that it gets."""
    with ahead.makefile("rb", buffering=0) as answers:
        _reply(answers)
        ahead.sendall(b"EHLO relay.invalid\r\n")
        _reply(answers)
        ahead.sendall(f"XCLIENT {client.xclient()}\r\n".encode())
        return _reply(answers)


def _reply(answers: BinaryIO) -> bytes:
    lines = [answers.readline()]
    while lines[-1][3:4] == b"-":
        lines.append(answers.readline())
    if not lines[-1].startswith(b"2"):
        raise MailHostError(f"Postfix lets nobody pretend: {lines[-1]!r}")
    return b"".join(lines)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE_BYTES):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
