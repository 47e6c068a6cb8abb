# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask clamd, the daemon of ClamAV: its commands IDSESSION and INSTREAM (clamd(8))."""

from __future__ import annotations

import re
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from postward.model.scan_result import ScanResult, ScanStatus
from postward.scanners.connection import connect
from postward.scanners.failure import ScannerDeclined, ScannerFailure, ScannerGone, nonsense
from postward.scanners.kept_connections import KeptConnections

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.scanners.connection import Connection
    from postward.scanners.scanned_message import ScannedMessage
    from postward.scanners.settings import ScannerSettings

_END = b"\0"
_MAX_REPLY_BYTES = 4_096
_MAX_NAME = 100
_REPLY = re.compile(rb"(?P<number>[0-9]{1,9}): (?P<text>.*)", re.DOTALL)
_SIZE_LIMIT = b"INSTREAM size limit exceeded"
_FOUND, _CLEAN = b" FOUND", b"stream: OK"
_UNFIT = re.compile(rb"[^\x21-\x7e]")
_GAVE_UP = b"Heuristics.Limits.Exceeded"
"""With AlertExceedsMax, what it calls a message that is beyond its limits."""


class ClamavScanner:
    """Sends messages in chunks over sessions that are kept; safe from every thread."""

    def __init__(self, settings: ScannerSettings, *, clock: Callable[[], float]) -> None:
        self._socket = settings.socket
        self._clock = clock
        self._sessions = KeptConnections(settings.socket, max_idle=settings.concurrency, clock=clock)

    def scan(self, message: ScannedMessage, deadline_s: float) -> ScanResult:
        """Have it look for viruses; raises ScannerFailure."""
        return read_reply(self._sessions.ask(deadline_s, lambda session: (_stream(session, message), True)))

    def ping(self, deadline_s: float) -> None:
        """Return when it says that it lives; raises ScannerFailure."""
        connection = connect(self._socket, deadline_s=deadline_s, clock=self._clock)
        try:
            connection.send(b"zPING\0")
            if connection.receive_until(_END, _MAX_REPLY_BYTES) != b"PONG":
                raise ScannerFailure("does not answer as ClamAV does")
        finally:
            connection.close()

    def close(self) -> None:
        """End the sessions that are idle."""
        self._sessions.close()


def _stream(session: Connection, message: ScannedMessage) -> bytes:
    """Send the message and return the text of the reply."""
    try:
        session.send((b"" if session.questions else b"zIDSESSION\0") + b"zINSTREAM\0")
        for piece in message.chunks():
            # It answers before the end only where it will not have the rest.
            if session.has_answered():
                break
            session.send(struct.pack("!I", len(piece)) + piece)
        else:
            session.send(struct.pack("!I", 0))
    except ScannerGone:
        # What it said before it went can still be read, unless it had nothing to say.
        with suppress(ScannerGone):
            _raise_if_declined(session.receive_until(_END, _MAX_REPLY_BYTES))
        raise
    reply = session.receive_until(_END, _MAX_REPLY_BYTES)
    _raise_if_declined(reply)
    match = _REPLY.fullmatch(reply)
    if match is None or int(match["number"]) != session.questions + 1:
        raise nonsense(reply)
    return match["text"]


def _raise_if_declined(reply: bytes) -> None:
    if _SIZE_LIMIT in reply:
        raise ScannerDeclined("takes no message that is as large (StreamMaxLength of clamd)")


def read_reply(text: bytes) -> ScanResult:
    """Understand what it says of a stream; raises ScannerFailure for an error."""
    if text == _CLEAN:
        return ScanResult(status=ScanStatus.CLEAN)
    if text.startswith(b"stream: ") and text.endswith(_FOUND):
        name = text.removeprefix(b"stream: ").removesuffix(_FOUND)
        if name.startswith(_GAVE_UP):
            raise ScannerDeclined("has not looked at all of it, for it is beyond ClamAV's limits")
        return ScanResult(status=ScanStatus.VIRUS, viruses=(_UNFIT.sub(b"_", name[:_MAX_NAME]).decode("ascii"),))
    if text.endswith(b"ERROR"):
        raise ScannerFailure("could not scan the message", told=text[:200].decode("ascii", "replace"))
    raise nonsense(text)
