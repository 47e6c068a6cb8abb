# SPDX-License-Identifier: GPL-3.0-or-later
"""Many commands and their answers in one round trip, as octets: redis-py's pipelines take several times as long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from postward.store.clients import PlainClient
from postward.store.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import redis

    from postward.store.clients import Client
    from postward.store.patience import TimedSocket

Command = tuple[bytes, ...]


class _Connection(Protocol):
    def disconnect(self) -> None: ...


class Socket(Protocol):
    """What is written to, and read from."""

    def sendall(self, octets: bytes, /) -> None:
        """Send them all."""
        ...

    def recv(self, size: int, /) -> bytes:
        """Some octets; none where the server has ended."""
        ...


def exchange(
    client: Client, commands: Sequence[Command], *, before: Callable[[], object] = lambda: None
) -> list[object]:
    """The answers in order, each command sent once; raises what ``store.broken.BROKEN`` has.

    In place of an answer stands an exception: a ResponseError where a server has refused that one command, any other
    where the way to the one server of a cluster that it belongs to broke.  ``before`` is called when nothing has been
    sent yet; what it raises ends it.
    """
    if isinstance(client, PlainClient):
        return _exchange(client.server, commands, before)
    before()
    pipeline = client.pipeline()
    for command in commands:
        # The client tells by the name where the key stands.
        pipeline.execute_command(command[0].decode(), *command[1:])
    return pipeline.execute(raise_on_error=False)


def asked(source: Socket, commands: Sequence[Command]) -> list[object]:
    """The answers that come on a socket; the same as ``exchange``, but for what the socket raises."""
    source.sendall(b"".join(map(packed, commands)))
    replies = Replies(source)
    return [replies.take() for _ in commands]


def packed(command: Command) -> bytes:
    """A command as Redis reads it."""
    return b"*%d\r\n" % len(command) + b"".join([b"$%d\r\n%b\r\n" % (len(part), part) for part in command])


def is_refused(answer: object) -> bool:
    """Whether a server says that it did nothing."""
    return isinstance(answer, ResponseError)


def in_words(error: Exception) -> str:
    """What a server says is wrong, on one line and not too long."""
    return f"{type(error).__name__}: {' '.join(str(error)[:200].split())}"


def _exchange(server: redis.Redis, commands: Sequence[Command], before: Callable[[], object]) -> list[object]:
    pooled = server.connection_pool.get_connection()
    connection = cast("_Connection", pooled)
    is_clean = False
    try:
        source = _socket_of(connection)
        before()
        answers = asked(source, commands)
        # Where it may only be read somebody else may be the master by now; that is found out when it connects.
        is_clean = not any(isinstance(answer, ReadOnlyError) for answer in answers)
    except TimeoutError:
        raise RedisTimeoutError("the server did not answer in time") from None
    finally:
        if not is_clean:
            # Answers may still come on it.
            connection.disconnect()
        server.connection_pool.release(pooled)
    return answers


def connected_socket(server: redis.Redis) -> TimedSocket:
    """Connect the one connection of a client, and return its socket, for a caller that alone uses that client.

    Raises what redis-py does.
    """
    pooled = server.connection_pool.get_connection()
    try:
        return _socket_of(cast("_Connection", pooled))
    finally:
        server.connection_pool.release(pooled)


def _socket_of(connection: _Connection) -> TimedSocket:
    """Return the socket, which redis-py keeps to itself: nothing has been read of it, or is left of what was."""
    source: TimedSocket | None = getattr(connection, "_sock", None)
    if source is None:
        raise RedisConnectionError("the connection was cut")
    return source
