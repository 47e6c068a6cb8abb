# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections on which whoever asks reads the answer himself: to have a thread do it takes longer than the answer.

Only for what changes nothing: where a server has closed such a connection while nobody used it, the same is asked
again on another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis.exceptions import ConnectionError as RedisConnectionError

from postward.store.clients import PlainClient
from postward.store.patience import ImpatientSocket, TooLate
from postward.store.wire import asked, connected_socket

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postward.store.clients import Client
    from postward.store.patience import TimedSocket
    from postward.store.wire import Command


class Stale(Exception):
    """The connection had been closed before anything was answered on it."""


class Reader:
    """One connection, used by one thread at a time."""

    def __init__(self, client: PlainClient) -> None:
        self._client = client
        self._socket: TimedSocket | None = None

    def connect(self) -> None:
        """Connect, as far as it is not; raises what redis-py does."""
        self._client.execute_command("PING")
        self._socket = connected_socket(self._client.server)

    def ask(self, commands: Sequence[Command], allowed_s: float) -> list[object]:
        """The answers in order; raises Stale, TooLate, and what ``store.broken.BROKEN`` has.

        After all of these it has to ``connect`` again.
        """
        if self._socket is None:
            raise Stale
        source = ImpatientSocket(self._socket, allowed_s)
        try:
            return asked(source, commands)
        except TimeoutError:
            raise TooLate(0.0) from None
        except (OSError, RedisConnectionError):
            if source.has_read:
                raise
            raise Stale from None

    def drop(self) -> None:
        """Close the connection; answers may still come on it."""
        self._socket = None
        self._client.cut()

    def close(self) -> None:
        """End it."""
        self._client.close()


class Readers:
    """Those that are connected, and those that are not.  Safe from every thread."""

    def __init__(self, clients: Iterable[Client]) -> None:
        """None of the clients is that of a cluster."""
        self._all = tuple(Reader(client) for client in clients if isinstance(client, PlainClient))
        self._resting = list(self._all)
        self._waking: list[Reader] = []
        self._ready: list[Reader] = []

    def take(self) -> Reader | None:
        """One that is connected, until it is given back; None where there is none."""
        try:
            return self._ready.pop()
        except IndexError:
            return None

    def give_back(self, reader: Reader) -> None:
        """Have another thread use it."""
        self._ready.append(reader)

    def rest(self, reader: Reader) -> None:
        """Note that it has to connect before it is used again."""
        reader.drop()
        self._resting.append(reader)

    @property
    def resting(self) -> int:
        """How many have to connect before they are used."""
        return len(self._resting)

    def wake(self) -> None:
        """Connect one that rests; raises what redis-py does."""
        try:
            reader = self._resting.pop()
        except IndexError:
            return
        self._waking.append(reader)
        is_connected = False
        try:
            reader.connect()
            is_connected = True
        finally:
            self._waking.remove(reader)
            (self._ready if is_connected else self._resting).append(reader)

    def cut_waking(self) -> None:
        """Have the threads fail that connect one."""
        for reader in list(self._waking):
            reader.drop()

    def close(self) -> None:
        """End all connections; whoever reads on one finds it closed."""
        for reader in self._all:
            reader.close()
