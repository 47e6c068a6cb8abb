# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to a server that is slow, gives a byte now and then, breaks off, or is none of Redis."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from dataclasses import dataclass, field
from typing import Self

from postward.model.redis_target import RedisTarget
from tests.mailhost.loopback import HOST

_CHUNK = 65_536


@dataclass(slots=True)
class SlowProxy:
    """``with SlowProxy(server.port, delay_s=0.1) as proxy:`` gives ``proxy.target`` and ``proxy.url``.

    Each answer comes ``delay_s`` later; with ``drips`` each byte does.  With ``says`` that comes in place of each
    answer, and with ``breaks_off`` three bytes of it, and the connection ends.  All may be changed at any time.
    """

    port_behind: int
    delay_s: float = 0.0
    drips: bool = False
    breaks_off: bool = False
    says: bytes = b""
    connections: int = field(init=False, default=0)
    """How many clients there have been."""
    _listening: socket.socket = field(init=False)
    _ending: threading.Event = field(init=False, default_factory=threading.Event)
    _threads: list[threading.Thread] = field(init=False, default_factory=list)

    def __enter__(self) -> Self:
        self._listening = socket.create_server((HOST, 0))
        self._spawn(self._accept)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ending.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    @property
    def port(self) -> int:
        """Where clients connect."""
        return int(self._listening.getsockname()[1])

    @property
    def target(self) -> RedisTarget:
        """How Postward gets there."""
        return RedisTarget(nodes=((HOST, self.port),))

    @property
    def url(self) -> str:
        """The same for ``redis.url``."""
        return f"redis://{HOST}:{self.port}/0"

    def _spawn(self, target, *arguments) -> None:
        self._threads.append(threading.Thread(target=target, args=arguments, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._spawn(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with (
            client,
            contextlib.suppress(OSError),
            socket.create_connection((HOST, self.port_behind)) as server,
            selectors.DefaultSelector() as selector,
        ):
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while not self._ending.is_set():
                for ready, _ in selector.select(0.05):
                    data = ready.fileobj.recv(_CHUNK)
                    if not data:
                        return
                    self._forward(ready.data, data, is_answer=ready.fileobj is server)

    def _forward(self, receiver: socket.socket, data: bytes, *, is_answer: bool) -> None:
        if not is_answer:
            receiver.sendall(data)
            return
        if self.says or self.breaks_off:
            receiver.sendall(self.says or data[:3])
            raise ConnectionAbortedError
        for part in [data[at : at + 1] for at in range(len(data))] if self.drips else [data]:
            if self._ending.wait(self.delay_s):
                return
            receiver.sendall(part)
