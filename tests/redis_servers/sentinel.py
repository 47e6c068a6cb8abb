# SPDX-License-Identifier: GPL-3.0-or-later
"""A master, its replica, and three sentinels that watch them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import redis

from postward.model.redis_target import RedisKind, RedisTarget
from tests.mailhost.loopback import HOST
from tests.redis_servers.node import RedisNode, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SERVICE = "postward"
_SENTINELS = 3
_DOWN_AFTER_MS = 1_000


@dataclass(slots=True)
class SentinelRedis:
    """``with SentinelRedis(folder) as servers:``; a master that dies is replaced after a second or two."""

    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)
    """Of both servers."""
    servers: tuple[RedisNode, ...] = ()
    """The one that was the master at first, and its replica; either may be the master later."""
    sentinels: tuple[RedisNode, ...] = ()
    _stack: ExitStack = field(init=False, default_factory=ExitStack)

    @property
    def target(self) -> RedisTarget:
        """How Postward gets there."""
        nodes = tuple((HOST, sentinel.port) for sentinel in self.sentinels)
        return RedisTarget(kind=RedisKind.SENTINEL, nodes=nodes, service=SERVICE)

    @property
    def url(self) -> str:
        """The same for ``redis.url``."""
        nodes = ",".join(f"{HOST}:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis+sentinel://{nodes}/{SERVICE}/0"

    @property
    def master(self) -> RedisNode:
        """The one that takes writes, as the first sentinel says."""
        port = self._master_port()
        return next(server for server in self.servers if server.port == port)

    @property
    def replica(self) -> RedisNode:
        """The other one."""
        port = self._master_port()
        return next(server for server in self.servers if server.port != port)

    @property
    def masters(self) -> tuple[RedisNode, ...]:
        """The servers that take writes."""
        return (self.master,)

    def admin(self) -> redis.Redis:
        """A client to the present master for what the test itself wants, to be closed."""
        return self.master.client()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            master = stack.enter_context(RedisNode(self.folder / "server-0", dict(self.options)))
            follows = {"replicaof": f"{HOST} {master.port}"}
            replica = stack.enter_context(RedisNode(self.folder / "server-1", dict(self.options) | follows))
            self.servers = (master, replica)
            lines = (
                f"sentinel monitor {SERVICE} {HOST} {master.port} 2",
                f"sentinel down-after-milliseconds {SERVICE} {_DOWN_AFTER_MS}",
                f"sentinel failover-timeout {SERVICE} 5000",
            )
            self.sentinels = tuple(
                stack.enter_context(RedisNode(self.folder / f"sentinel-{number}", sentinel_lines=lines))
                for number in range(_SENTINELS)
            )
            self.settle()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def failover(self) -> None:
        """Have the replica become the master, and wait until all sentinels say so.

        That the old one follows takes ten seconds more, for which ``settle`` waits.
        """
        old = self.master
        # A sentinel that has just done one, or sees no replica in good order, refuses for a while.
        wait_until(self._begin_failover, "no sentinel begins a failover")
        wait_until(lambda: old.port not in self._told_ports(), "the replica does not become the master")

    def settle(self) -> None:
        """Wait until all that runs has found each other."""
        wait_until(self._is_settled, "master, replica and sentinels do not find each other")

    def _begin_failover(self) -> bool:
        try:
            self.sentinels[0].ask("SENTINEL FAILOVER", SERVICE)
        except redis.ResponseError:
            return False
        return True

    def _master_port(self) -> int:
        return self._told_ports()[0]

    def _told_ports(self) -> list[int]:
        """Where the master is, as each sentinel says."""
        return [int(str(_state(sentinel)["port"])) for sentinel in self.sentinels if sentinel.is_running]

    def _is_settled(self) -> bool:
        running = [server for server in self.servers if server.is_running]
        states = [_state(sentinel) for sentinel in self.sentinels if sentinel.is_running]
        good = all(
            state["num-other-sentinels"] == _SENTINELS - 1
            and state["num-slaves"] == len(self.servers) - 1
            and state["flags"] == {"master"}
            and state["port"] == states[0]["port"]
            for state in states
        )
        return good and all(_is_in_order(server, int(str(states[0]["port"]))) for server in running)


def _state(sentinel: RedisNode) -> dict[str, object]:
    with sentinel.client() as client:
        state = dict(client.sentinel_master(SERVICE))
    return state | {"flags": set(str(state["flags"]).split(","))}


def _is_in_order(server: RedisNode, master_port: int) -> bool:
    with server.client() as client:
        info = client.info("replication")
    if server.port == master_port:
        return bool(info["role"] == "master")
    return bool(info["role"] == "slave" and info["master_port"] == master_port and info["master_link_status"] == "up")
