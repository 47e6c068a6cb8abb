# SPDX-License-Identifier: GPL-3.0-or-later
"""A small milter client, as an MTA would speak: for load, and for what miltertest cannot see."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from itertools import count
from typing import ClassVar

ACTIONS = 0x1FF
STEPS = 0x1FFFFF
NR_CONN, NR_HELO, NR_MAIL, NR_RCPT, NR_HDR, NR_BODY = 0x1000, 0x2000, 0x4000, 0x8000, 0x80, 0x80000
NO_DATA, NO_UNKNOWN, NO_EOH = 0x200, 0x100, 0x40
LEADING_SPACE = 0x100000
FINAL = b"acrdty"
MAX_CHUNK_BYTES = 65_535
"""What an MTA sends of a body at once, at most."""
TIMEOUT_S = 30


class Client:
    """One session; each method sends one command and reads its answer where one was not negotiated away."""

    opened: ClassVar[list[Client]] = []
    """All of them, to be closed with the test."""
    numbers: ClassVar[count[int]] = count(1)

    def __init__(self, address: str, *, actions: int = ACTIONS, steps: int = STEPS, version: int = 6) -> None:
        Client.opened.append(self)
        kind, _, rest = address.partition(":")
        if kind == "unix":
            self.socket = socket.socket(socket.AF_UNIX)
            target: object = rest
        else:
            port, _, host = rest.partition("@")
            self.socket = socket.socket(socket.AF_INET6 if kind == "inet6" else socket.AF_INET)
            target = (host.strip("[]"), int(port))
        self.socket.settimeout(TIMEOUT_S)
        self.socket.connect(target)
        self.send(b"O", struct.pack(">III", version, actions, steps))
        command, payload = self.receive()
        assert command == b"O", (command, payload)
        self.version, self.actions, self.steps = struct.unpack(">III", payload[:12])
        self.macro_lists = self._macro_lists(payload[12:])
        self.progress = 0
        self.received: list[tuple[bytes, bytes]] = []
        """The answers to the last message."""
        self.queue_id = b""
        """Of the next message, where it matters."""
        self.queue_ids: list[str] = []
        """Of the messages that were sent, in hexadecimal."""

    @staticmethod
    def _macro_lists(payload: bytes) -> dict[int, str]:
        lists = {}
        while payload:
            stage = struct.unpack(">I", payload[:4])[0]
            names, _, payload = payload[4:].partition(b"\0")
            lists[stage] = names.decode()
        return lists

    def send(self, command: bytes, payload: bytes = b"") -> None:
        self.socket.sendall(struct.pack(">I", len(payload) + 1) + command + payload)

    def receive(self) -> tuple[bytes, bytes]:
        size = struct.unpack(">I", self._read(4))[0]
        packet = self._read(size)
        return packet[:1], packet[1:]

    def _read(self, size: int) -> bytes:
        parts = []
        while size:
            part = self.socket.recv(min(size, 1 << 20))
            if not part:
                raise EOFError("the milter closed the session")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def step(self, command: bytes, payload: bytes, unanswered: int = 0) -> bytes:
        """Send one command; the answer, or b"-" where none is to come."""
        self.send(command, payload)
        return b"-" if self.steps & unanswered else self.receive()[0]

    def macros(self, stage: bytes, *pairs: tuple[bytes, bytes]) -> None:
        self.send(b"D", stage + b"".join(name + b"\0" + value + b"\0" for name, value in pairs))

    def connect(self, name: bytes = b"mail.example.com", address: bytes = b"192.0.2.1", family: bytes = b"4") -> bytes:
        return self.step(b"C", name + b"\0" + family + struct.pack(">H", 1234) + address + b"\0", NR_CONN)

    def helo(self, name: bytes = b"mail.example.com") -> bytes:
        return self.step(b"H", name + b"\0", NR_HELO)

    def mail(self, path: bytes = b"<a@example.com>", *arguments: bytes) -> bytes:
        return self.step(b"M", b"".join(part + b"\0" for part in (path, *arguments)), NR_MAIL)

    def rcpt(self, path: bytes = b"<u@example.net>", *arguments: bytes) -> bytes:
        return self.step(b"R", b"".join(part + b"\0" for part in (path, *arguments)), NR_RCPT)

    def header(self, name: bytes, value: bytes) -> bytes:
        return self.step(b"L", name + b"\0" + value + b"\0", NR_HDR)

    def end_of_header(self) -> None:
        if not self.steps & NO_EOH:
            self.step(b"N", b"")

    def body(self, chunk: bytes) -> bytes:
        return self.step(b"B", chunk, NR_BODY)

    def end(self) -> list[tuple[bytes, bytes]]:
        """All that is answered to the end of the message but progress, which is counted; the last is final."""
        self.queue_id = self.queue_id or f"Q{next(Client.numbers)}".encode()
        self.macros(b"E", (b"i", self.queue_id))
        self.queue_ids.append(self.queue_id.hex())
        self.queue_id = b""
        self.send(b"E")
        answers = []
        while not answers or answers[-1][0] not in FINAL:
            command, payload = self.receive()
            if command == b"p":
                self.progress += 1
            else:
                answers.append((command, payload))
        self.received = answers
        return answers

    def abort(self) -> None:
        self.send(b"A")

    def quit(self) -> None:
        with suppress(OSError):
            self.send(b"Q")
        self.socket.close()
        Client.opened.remove(self)

    def message(self, *fields: tuple[bytes, bytes], body: bytes = b"Hello\r\n") -> list[tuple[bytes, bytes]]:
        """One whole message in an open session."""
        self.mail()
        self.rcpt()
        for name, value in fields or ((b"From", b" a@example.com"),):
            self.header(name, value)
        self.end_of_header()
        for position in range(0, len(body), MAX_CHUNK_BYTES):
            self.body(body[position : position + MAX_CHUNK_BYTES])
        return self.end()


def greet(address: str, **options: int) -> Client:
    """A session up to and with HELO."""
    client = Client(address, **options)
    client.connect()
    client.helo()
    return client


def final(answers: list[tuple[bytes, bytes]]) -> bytes:
    """The last answer's letter."""
    return answers[-1][0]
