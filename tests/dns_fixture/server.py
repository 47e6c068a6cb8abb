# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: UDP and TCP on one port of loopback, on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import dns.exception
import dns.message
import dns.rdatatype

from tests.dns_fixture.wire_zone import WireZone, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

HOST = "127.0.0.1"
_PORT_ATTEMPTS = 50

Tamper = "Callable[[bytes, bytes | None, bool], Sequence[bytes]]"


@dataclass(frozen=True, slots=True)
class Query:
    """One question that came in."""

    name: str
    """As it was asked, without the closing dot."""
    record_type: str
    tcp: bool = False


class DnsFixture:
    """A context manager around the server; may be told to change what it answers at any time.

    ``delay_s`` holds every answer back.  ``tamper`` is given the query, the answer (None for silence) and whether
    it came over TCP, and returns the datagrams or messages to send instead.
    """

    def __init__(
        self,
        mapping: object = None,
        *,
        port: int = 0,
        ttl_s: int = 60,
        delay_s: float = 0.0,
        tamper: Tamper | None = None,
    ) -> None:
        self.delay_s = delay_s
        self.tamper = tamper
        self.queries: list[Query] = []
        self._port = port
        self._ttl_s = ttl_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="dns-fixture", daemon=True)
        self._conversations: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}
        self.set(mapping)

    def set(self, mapping: object) -> None:
        """Answer from this zone from now on."""
        self._zone = WireZone(mapping, self._ttl_s)

    @property
    def port(self) -> int:
        return self._port

    @property
    def address(self) -> str:
        """Where it listens, as ``DnsSettings.servers`` wants it."""
        return f"{HOST}:{self._port}"

    def asked(self, record_type: str | None = None) -> list[str]:
        """The names asked for so far, in lower case, of that type or of all."""
        return [query.name.lower() for query in self.queries if record_type in {None, query.record_type}]

    def __enter__(self) -> Self:
        tcp, udp = _sockets(self._port)
        self._port = tcp.getsockname()[1]
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(tcp, udp), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self, tcp: socket.socket, udp: socket.socket) -> None:
        self._tcp = await asyncio.start_server(self._converse, sock=tcp)
        self._udp, _ = await self._loop.create_datagram_endpoint(lambda: _Datagrams(self._answers), sock=udp)

    async def _close(self) -> None:
        self._tcp.close()
        self._udp.close()
        # Conversations end with their connection; cancelled ones would be reported as faults.
        for writer in self._conversations.values():
            writer.close()
        others = asyncio.all_tasks() - {asyncio.current_task(), *self._conversations}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, *self._conversations, return_exceptions=True)
        await self._tcp.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._conversations[task] = writer
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(2), "big")
                for wire in await self._answers(await reader.readexactly(size), tcp=True):
                    writer.write(len(wire).to_bytes(2, "big") + wire)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            del self._conversations[task]
            writer.close()

    async def _answers(self, wire: bytes, *, tcp: bool) -> Sequence[bytes]:
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return []
        if len(query.question) != 1:
            return []
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self.queries.append(Query(name, dns.rdatatype.to_text(question.rdtype), tcp))
        response = self._zone.respond(query)
        await asyncio.sleep(self.delay_s)
        answer = None if response is None else packed(response, query, tcp=tcp)
        if self.tamper is not None:
            return self.tamper(wire, answer, tcp)
        return [] if answer is None else [answer]


class _Datagrams(asyncio.DatagramProtocol):
    """Answers datagrams, each in its own time."""

    def __init__(self, answers: Callable[..., object]) -> None:
        self._answers = answers
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        task = asyncio.get_running_loop().create_task(self._reply(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reply(self, data: bytes, addr: tuple[str, int]) -> None:
        for wire in await self._answers(data, tcp=False):
            self._transport.sendto(wire, addr)


def _sockets(port: int) -> tuple[socket.socket, socket.socket]:
    """Bind one port for TCP and UDP; any that is free for both where ``port`` is 0."""
    for _ in range(_PORT_ATTEMPTS):
        tcp = socket.create_server((HOST, port))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            if port:
                raise
        else:
            return tcp, udp
    raise OSError("no port is free for both TCP and UDP")
