# SPDX-License-Identifier: GPL-3.0-or-later
"""Another host's SMTP server: takes everything, and keeps it for a test to look at."""

from __future__ import annotations

import socketserver
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from tests.mailhost.loopback import HOST

_PATIENCE_S = 30
_REPLIES = {b"EHLO": b"250-smarthost\r\n250 8BITMIME", b"QUIT": b"221 bye", b"DATA": b"354 go on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One message as it came."""

    mail_from: str
    recipients: tuple[str, ...]
    content: bytes
    """With CRLF, dots undone."""


@dataclass(slots=True)
class Smarthost:
    """Used as a context manager."""

    taken: list[Taken] = field(default_factory=list)
    _news: threading.Condition = field(init=False, default_factory=threading.Condition)
    _server: socketserver.ThreadingTCPServer = field(init=False)

    def __enter__(self) -> Self:
        smarthost = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _serve(self, smarthost)

        self._server = socketserver.ThreadingTCPServer((HOST, 0), Session)
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

    def take(self, message: Taken) -> None:
        """Keep a message."""
        with self._news:
            self.taken.append(message)
            self._news.notify_all()

    def wait_for(self, recipient: str) -> Taken:
        """Return the first message to ``recipient``; raises TimeoutError."""
        deadline = time.monotonic() + _PATIENCE_S
        with self._news:
            while not (found := [each for each in self.taken if recipient in each.recipients]):
                if not self._news.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"nothing came to {recipient}")
        return found[0]


def _serve(session: socketserver.StreamRequestHandler, smarthost: Smarthost) -> None:
    """Speak as much SMTP as Postfix wants to hear."""

    def say(words: bytes) -> None:
        session.wfile.write(words + b"\r\n")

    say(b"220 smarthost ESMTP")
    mail_from, recipients = "", []
    while line := session.rfile.readline():
        verb = line[:4].upper()
        say(_REPLIES.get(verb, b"250 fine"))
        if verb == b"MAIL":
            mail_from, recipients = _path(line), []
        elif verb == b"RCPT":
            recipients.append(_path(line))
        elif verb == b"DATA":
            content = _content(session)
            say(b"250 taken")
            smarthost.take(Taken(mail_from=mail_from, recipients=tuple(recipients), content=content))
        elif verb == b"QUIT":
            return


def _content(session: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    while (line := session.rfile.readline()) not in {b".\r\n", b""}:
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)


def _path(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode()
