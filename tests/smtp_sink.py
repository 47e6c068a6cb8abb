# SPDX-License-Identifier: GPL-3.0-or-later
"""An SMTP server that keeps what it is given, and refuses what it is told to refuse."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Self

from postward.model.ip_endpoint import IpEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message that was taken."""

    sender: str
    """As it stood behind MAIL FROM, parameters and all."""
    recipients: tuple[str, ...]
    content: bytes
    """With CRLF, dots as they were."""


@dataclass
class SmtpSink:
    """Used as a context manager; listens on a free port of 127.0.0.1."""

    answers: dict[str, str] = field(default_factory=dict)
    """What is answered, in place of 250, to a command line or path that holds the key, or at the end of DATA (".")."""
    received: list[Received] = field(default_factory=list)

    def __enter__(self) -> Self:
        sink = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _serve(self, sink)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def endpoint(self) -> IpEndpoint:
        """Where it listens."""
        return IpEndpoint(address=IPv4Address("127.0.0.1"), port=self._server.server_address[1])

    def answer(self, line: str, usual: str) -> str:
        return next((answer for key, answer in self.answers.items() if key in line), usual)


def _serve(session: socketserver.StreamRequestHandler, sink: SmtpSink) -> None:
    def say(text: str) -> None:
        session.wfile.write(text.encode() + b"\r\n")

    say("220 sink")
    sender, recipients = "", []
    while line := session.rfile.readline().decode("utf-8").rstrip("\r\n"):
        verb = line[:4].upper()
        if verb == "EHLO":
            say(sink.answer(line, "250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8"))
            sender, recipients = "", []
        elif verb == "MAIL":
            sender = line.partition(":")[2]
            say(sink.answer(line, "250 ok"))
        elif verb == "RCPT":
            answer = sink.answer(line, "250 ok")
            if answer.startswith("250"):
                recipients.append(line.partition(":")[2].strip("<>"))
            say(answer)
        elif verb == "DATA":
            say("354 go on")
            content = _content(session)
            answer = sink.answers.get(".", "250 taken")
            if answer.startswith("250"):
                sink.received.append(Received(sender=sender, recipients=tuple(recipients), content=content))
            say(answer)
        else:
            say(sink.answer(line, "221 bye") if verb == "QUIT" else "500 what?")
            if verb == "QUIT":
                return


def _content(session: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    while (line := session.rfile.readline()) not in {b".\r\n", b""}:
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)
