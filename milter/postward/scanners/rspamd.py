# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask rspamd: POST /checkv2 of its HTTP protocol (rspamd.com, "Rspamd protocol")."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from postward.model.milter_socket import InetSocket
from postward.model.scan_result import ScanResult, ScanStatus
from postward.scanners.failure import ScannerDeclined, ScannerFailure, nonsense
from postward.scanners.http_exchange import exchange
from postward.scanners.kept_connections import KeptConnections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.scanners.scanned_message import ScannedMessage
    from postward.scanners.settings import ScannerSettings

_MAX_REPLY_BYTES = 1_048_576
_MAX_SYMBOLS = 300
_MAX_RECIPIENTS = 100
_MAX_VALUE = 400
_UNFIT_SYMBOL = re.compile(r"[^A-Z0-9_]", re.ASCII)
_MAX_SYMBOL = 60
_MAX_SCORE = 1e6


class RspamdScanner:
    """Keeps connections where the other side does: rspamd's own worker ends each, a proxy before it may not."""

    def __init__(self, settings: ScannerSettings, *, clock: Callable[[], float]) -> None:
        self._connections = KeptConnections(settings.socket, max_idle=settings.concurrency, clock=clock)
        # A Unix socket has no name; HTTP wants one.
        self._host = settings.socket.host if isinstance(settings.socket, InetSocket) else "localhost"

    def scan(self, message: ScannedMessage, deadline_s: float) -> ScanResult:
        """Have it count; raises ScannerFailure."""
        length = ("Content-Length", str(message.size_bytes))
        head = self._head("POST /checkv2", [*_envelope(message), length])
        return read_reply(
            self._connections.ask(
                deadline_s, lambda connection: exchange(connection, head, message.chunks(), _MAX_REPLY_BYTES)
            )
        )

    def ping(self, deadline_s: float) -> None:
        """Return when it says that it lives; raises ScannerFailure."""
        head = self._head("GET /ping", [])
        said = self._connections.ask(deadline_s, lambda connection: exchange(connection, head, (), _MAX_REPLY_BYTES))
        if said.strip() != b"pong":
            raise ScannerFailure("does not answer as rspamd does")

    def close(self) -> None:
        """End the connections that are idle."""
        self._connections.close()

    def _head(self, request: str, fields: list[tuple[str, str]]) -> bytes:
        host = f"[{self._host}]" if ":" in self._host else self._host
        lines = [f"{request} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in fields), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def _envelope(message: ScannedMessage) -> Iterator[tuple[str, str]]:
    """What rspamd is told beside the message; a value that cannot stand in a field is left out."""
    values = [
        ("IP", "" if message.client is None else str(message.client)),
        ("Hostname", message.client_name.strip("[]")),
        ("Helo", message.helo),
        ("From", f"<{message.sender}>"),
        *(("Rcpt", recipient) for recipient in message.recipients[:_MAX_RECIPIENTS]),
        ("User", message.user),
        ("Queue-Id", message.queue_id),
        ("MTA-Name", message.mta_name),
    ]
    for name, value in values:
        if 0 < len(value) <= _MAX_VALUE and value.isprintable():
            yield name, value


def read_reply(reply: bytes) -> ScanResult:
    """Understand the answer to checkv2, of which nothing is believed; raises ScannerFailure."""
    try:
        answer = json.loads(reply)
    except (ValueError, RecursionError):
        raise nonsense(reply) from None
    if not isinstance(answer, dict):
        raise nonsense(reply)
    score, required = _number(answer.get("score")), _number(answer.get("required_score"))
    if score is None:
        raise nonsense(reply)
    if answer.get("is_skipped") is True and not score:
        raise ScannerDeclined("is told by its configuration to pass over this message")
    return ScanResult(status=ScanStatus.CLEAN, score=score, required=required, symbols=tuple(_symbols(answer)))


def _symbols(answer: dict[str, Any]) -> Iterator[tuple[str, float]]:
    symbols = answer.get("symbols")
    if not isinstance(symbols, dict):
        return
    for name, symbol in list(symbols.items())[:_MAX_SYMBOLS]:
        points = _number(symbol.get("score")) if isinstance(symbol, dict) else None
        fit = _UNFIT_SYMBOL.sub("_", name[:_MAX_SYMBOL].upper())
        if fit and points is not None:
            yield fit, points


def _number(value: object) -> float | None:
    """A number that can be counted with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # An integer of JSON may be larger than any float: it is compared before it becomes one.
    return float(value) if abs(value) <= _MAX_SCORE else None
