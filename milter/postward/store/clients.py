# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to Redis, whichever kind it is: no command is sent twice, and each can be cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from postward.model.redis_target import RedisKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.model.redis_target import RedisTarget

Argument = str | bytes | int | float
"""What a command may be made of."""
_SENTINEL_SHARE = 0.25
"""Of the time-out: so much each sentinel has, for the next one is asked when it is silent."""


class Pipeline(Protocol):
    """Commands that are sent together; each has one key, and they are no transaction."""

    def execute_command(self, *arguments: Argument) -> object:
        """Note one command."""
        ...

    def execute(self, raise_on_error: bool = True) -> list[object]:
        """Send all that was noted, each once; the answers in that order.

        Without ``raise_on_error`` a command that failed has its exception in place of an answer.  Where the way to a
        server breaks all may be raised, for it is not known what was done.
        """
        ...


class Client(Protocol):
    """What the store uses of redis-py, on a single server, behind sentinels, or on a cluster.  Safe from every thread.

    It raises what ``store.broken.BROKEN`` has.  The key of a command is its first argument, or the third of EVAL and
    EVALSHA; commands without a key are for ``masters`` alone.
    """

    def execute_command(self, *arguments: Argument) -> object:
        """Send one command, once."""
        ...

    def pipeline(self, transaction: bool = False) -> Pipeline:
        """Begin to note commands; ``transaction`` is False always."""
        ...

    def masters(self) -> tuple[Client, ...]:
        """The servers that all keys lie on, one by one; of a single server and behind sentinels that is this client."""
        ...

    def cut(self) -> None:
        """Have the threads that wait fail; it connects again when it is next used."""
        ...

    def close(self) -> None:
        """End the connections."""
        ...


def open_client(target: RedisTarget, *, timeout_s: float, connections: int) -> Client:
    """Make a client, which connects when it is first used.

    ``timeout_s`` bounds one read or one attempt to connect, and no more than that.  What a command did is not known
    when the way breaks, so nothing is tried again: a new try connects anew, asks the sentinels anew who is the master,
    and the cluster where what lies.
    """
    if target.kind is RedisKind.CLUSTER:
        from postward.store.cluster_client import ClusterClient  # noqa: PLC0415 - most have no cluster

        return ClusterClient(target, timeout_s=timeout_s, connections=connections)
    options = {**server_options(target, timeout_s), "max_connections": connections, "db": target.database}
    if target.kind is RedisKind.SENTINEL:
        return _behind_sentinels(target, options, timeout_s)
    if target.socket_path:
        client = redis.Redis(unix_socket_path=target.socket_path, **options)  # type: ignore[arg-type]
    else:
        host, port = target.nodes[0]
        client = redis.Redis(host=host, port=port, **options)  # type: ignore[arg-type]
    return PlainClient(client)


class PlainClient:
    """One server, or the one that is the master for now."""

    def __init__(self, client: redis.Redis, others: Iterable[redis.Redis] = ()) -> None:
        """``others`` are asked on the way, and cut off and closed with it."""
        self._client = client
        self._all = (client, *others)

    @property
    def server(self) -> redis.Redis:
        """What redis-py has of it, for those who write to its connections themselves."""
        return self._client

    def execute_command(self, *arguments: Argument) -> object:
        """Send one command, once."""
        return self._client.execute_command(*arguments)  # type: ignore[no-untyped-call, unused-ignore]

    def pipeline(self, transaction: bool = False) -> Pipeline:
        """Begin to note commands."""
        return self._client.pipeline(transaction=transaction)

    def masters(self) -> tuple[Client, ...]:
        """Itself."""
        return (self,)

    def cut(self) -> None:
        """Have the threads that wait fail."""
        for client in self._all:
            client.connection_pool.disconnect(inuse_connections=True)

    def close(self) -> None:
        """End the connections."""
        self.cut()
        for client in self._all:
            client.close()


def server_options(target: RedisTarget, timeout_s: float) -> dict[str, object]:
    """What redis-py has to know to connect to a server of the target."""
    return {
        **_tls_options(target),
        "username": target.user,
        "password": target.password,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        # What was sent may have been done: a second try would do it twice.
        "retry": Retry(NoBackoff(), 0),
        # The newer protocol costs a round trip for each connection, and gives nothing that is used here.
        "protocol": 2,
    }


def _tls_options(target: RedisTarget) -> dict[str, object]:
    if target.tls is None:
        return {}
    return {
        "ssl": True,
        "ssl_ca_certs": target.tls.ca_file,
        "ssl_certfile": target.tls.certificate_file,
        "ssl_keyfile": target.tls.key_file,
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": True,
    }


def _behind_sentinels(target: RedisTarget, options: dict[str, object], timeout_s: float) -> Client:
    of_sentinels = {
        **server_options(target, timeout_s * _SENTINEL_SHARE),
        "username": target.sentinel_user,
        "password": target.sentinel_password,
    }
    sentinel = Sentinel(list(target.nodes), sentinel_kwargs=of_sentinels)  # type: ignore[no-untyped-call, unused-ignore]
    master = sentinel.master_for(target.service, **options)  # type: ignore[no-untyped-call, unused-ignore]
    return PlainClient(master, sentinel.sentinels)
