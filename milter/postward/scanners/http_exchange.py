# SPDX-License-Identifier: GPL-3.0-or-later
"""One request and its answer in HTTP/1.1 (RFC 9112) over a connection with a deadline."""

from __future__ import annotations

import io
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, cast

from postward.scanners.failure import ScannerFailure, ScannerGone, nonsense

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from postward.scanners.connection import Connection

_OK = 200


def exchange(connection: Connection, head: bytes, body: Iterable[bytes], max_bytes: int) -> tuple[bytes, bool]:
    """Send a request, and give the content of the answer and whether the connection serves on.

    Raises ScannerFailure for any answer but 200, and for one with more than ``max_bytes``.
    """
    connection.send(head)
    is_sent = _send(connection, body)
    response = HTTPResponse(cast("socket.socket", _Answering(connection)))
    try:
        response.begin()
        content = response.read(max_bytes + 1)
        is_whole = response.isclosed() or not response.read(1)
    except (ConnectionError, EOFError) as error:
        raise ScannerGone(str(error)) from error
    except (HTTPException, ValueError) as error:
        raise ScannerFailure("has given an answer that makes no sense", told=str(error)[:200]) from error
    if response.status != _OK:
        raise ScannerFailure("has answered with an error", told=f"{response.status} {response.reason[:100]}")
    if not is_whole or len(content) > max_bytes:
        raise nonsense(content)
    return content, is_sent and not response.will_close


def _send(connection: Connection, body: Iterable[bytes]) -> bool:
    """Send the content; False where the answer came before the end: then it will not have the rest."""
    for piece in body:
        if connection.has_answered():
            return False
        connection.send(piece)
    return True


class _Answering:
    """As much of a socket as http.client reads an answer from."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._connection))


class _Reading(io.RawIOBase):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # all that BufferedReader hands over
        piece = self._connection.receive(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
