# SPDX-License-Identifier: GPL-3.0-or-later
"""One message as an MTA hands it to a milter over a session of its own, without a thread for each."""

from __future__ import annotations

import asyncio
import struct
import time
from dataclasses import dataclass
from enum import StrEnum

_VERSION, _ACTIONS, _STEPS = 6, 0x1FF, 0x1FFFFF
_NR_CONNECT, _NR_MAIL, _NR_RCPT, _NR_HEADER, _NR_BODY = 0x1000, 0x4000, 0x8000, 0x80, 0x80000
_FINAL, _GO_ON = b"acrdty", b"c"
_TEXT = b"A message of a few lines.\r\n" * 40


class End(StrEnum):
    """How it ended."""

    ACCEPTED = "accepted"
    AT_MAIL = "at MAIL"
    AT_RCPT = "at RCPT"
    AT_END = "at the end"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Who sends to whom."""

    client: str
    sender: str
    recipient: str
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of it, and how long that took from the first word to the last answer."""

    end: End
    ms: float


async def hand_over(path: str, letter: Letter) -> Handled:
    """Send it to the milter at the Unix socket ``path``."""
    started = time.perf_counter()
    try:
        reader, writer = await asyncio.open_unix_connection(path)
        try:
            end = await _Session(reader, writer).send(letter)
        finally:
            writer.close()
    except (OSError, asyncio.IncompleteReadError):
        end = End.BROKEN
    return Handled(end=end, ms=(time.perf_counter() - started) * 1000)


class _Session:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._steps = 0

    async def send(self, letter: Letter) -> End:
        await self._agree()
        client = letter.client.encode()
        self._macros(b"C", {b"{client_addr}": client, b"j": b"mx.example.net"})
        await self._step(b"C", b"mail.example.com\x004\x04\xd2%s\0" % client, _NR_CONNECT)
        await self._step(b"H", b"mail.example.com\0", 0)
        if letter.user:
            self._macros(b"M", {b"{auth_authen}": letter.user.encode(), b"{auth_type}": b"PLAIN"})
        if await self._step(b"M", b"<%s>\0" % letter.sender.encode(), _NR_MAIL) != _GO_ON:
            return End.AT_MAIL
        if await self._step(b"R", b"<%s>\0" % letter.recipient.encode(), _NR_RCPT) != _GO_ON:
            return End.AT_RCPT
        return await self._content(letter)

    async def _content(self, letter: Letter) -> End:
        for name, value in ((b"From", letter.sender.encode()), (b"Subject", b"bench"), (b"Message-ID", b"<1@x>")):
            await self._step(b"L", b"%s\0 %s\0" % (name, value), _NR_HEADER)
        await self._step(b"B", _TEXT, _NR_BODY)
        self._macros(b"E", {b"i": b"4Bench"})
        self._put(b"E", b"")
        await self._writer.drain()
        while (answer := await self._receive()) not in _FINAL:
            pass
        return End.ACCEPTED if answer in b"ac" else End.AT_END

    async def _agree(self) -> None:
        self._put(b"O", struct.pack("!III", _VERSION, _ACTIONS, _STEPS))
        size = struct.unpack("!I", await self._reader.readexactly(4))[0]
        packet = await self._reader.readexactly(size)
        self._steps = struct.unpack("!I", packet[9:13])[0]

    def _macros(self, stage: bytes, values: dict[bytes, bytes]) -> None:
        self._put(b"D", stage + b"".join(b"%s\0%s\0" % pair for pair in values.items()))

    async def _step(self, command: bytes, payload: bytes, unanswered: int) -> bytes:
        self._put(command, payload)
        return _GO_ON if self._steps & unanswered else await self._receive()

    def _put(self, command: bytes, payload: bytes) -> None:
        self._writer.write(struct.pack("!I", len(payload) + 1) + command + payload)

    async def _receive(self) -> bytes:
        size = struct.unpack("!I", await self._reader.readexactly(4))[0]
        return (await self._reader.readexactly(size))[:1]
