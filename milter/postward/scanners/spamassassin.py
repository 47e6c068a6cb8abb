# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask spamd, the daemon of SpamAssassin: its protocol as spamd/PROTOCOL in its sources describes it, command SYMBOLS.

SYMBOLS gives names alone.  The table of REPORT has points too, but quotes the message, which could bring a table of
its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.model.scan_result import ScanResult, ScanStatus
from postward.scanners.connection import connect
from postward.scanners.envelope_fields import FORGEABLE, envelope_fields
from postward.scanners.failure import ScannerFailure, nonsense

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.scanners.scanned_message import ScannedMessage
    from postward.scanners.settings import ScannerSettings

_MAX_REPLY_BYTES = 65_536
_MAX_SYMBOLS = 300
_STATUS = re.compile(rb"SPAMD/[0-9.]{1,9} (?P<code>[0-9]{1,3}) (?P<word>[ -~]{0,100})")
_NUMBER = rb"-?[0-9]{1,6}(?:\.[0-9]{1,6})?"
_SPAM = re.compile(
    rb"^Spam: (?:True|False|Yes|No) ?; (?P<score>%b) / (?P<required>%b)$" % (_NUMBER, _NUMBER), re.MULTILINE
)
_SYMBOL = re.compile(r"[A-Z0-9_]{1,60}", re.ASCII)


class SpamassassinScanner:
    """One connection for each message, which is all that spamd serves; safe from every thread."""

    def __init__(self, settings: ScannerSettings, *, user: str | None, clock: Callable[[], float]) -> None:
        """``user``: whose preferences apply; None leaves that to spamd."""
        self._socket = settings.socket
        self._user = user
        self._clock = clock

    def scan(self, message: ScannedMessage, deadline_s: float) -> ScanResult:
        """Have it count; raises ScannerFailure."""
        above = envelope_fields(message)
        length = message.size_bytes + len(above) - sum(len(f.raw) for f in message.headers if f.key in FORGEABLE)
        fields = f"Content-length: {length}\r\n" + (f"User: {self._user}\r\n" if self._user else "")
        connection = connect(self._socket, deadline_s=deadline_s, clock=self._clock)
        try:
            connection.send(f"SYMBOLS SPAMC/1.5\r\n{fields}\r\n".encode("ascii"))
            for piece in message.chunks(above=above, without=FORGEABLE):
                connection.send(piece)
            # It reads lines, and would wait for the end of one that has none, whatever the length says.
            connection.finish()
            return read_reply(connection.receive_all(_MAX_REPLY_BYTES))
        finally:
            connection.close()

    def ping(self, deadline_s: float) -> None:
        """Return when it says that it lives; raises ScannerFailure."""
        connection = connect(self._socket, deadline_s=deadline_s, clock=self._clock)
        try:
            connection.send(b"PING SPAMC/1.5\r\n\r\n")
            if not connection.receive_all(_MAX_REPLY_BYTES).endswith(b"PONG\r\n"):
                raise ScannerFailure("does not answer as SpamAssassin does")
        finally:
            connection.close()

    def close(self) -> None:
        """Nothing is kept open."""


def read_reply(reply: bytes) -> ScanResult:
    """Understand the answer to SYMBOLS; raises ScannerFailure."""
    head, _, body = reply.partition(b"\r\n\r\n")
    head = head.replace(b"\r\n", b"\n")
    status = _STATUS.match(head)
    if status is None:
        raise nonsense(reply)
    if int(status["code"]):
        raise ScannerFailure("could not judge the message", told=status["word"].decode("ascii"))
    spam = _SPAM.search(head)
    if spam is None:
        raise nonsense(reply)
    names = [name.strip() for name in body.decode("ascii", "replace").split(",")[:_MAX_SYMBOLS]]
    return ScanResult(
        status=ScanStatus.CLEAN,
        score=float(spam["score"]),
        required=float(spam["required"]),
        symbols=tuple((name, 0.0) for name in names if _SYMBOL.fullmatch(name)),
    )
