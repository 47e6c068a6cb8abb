# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of three masters, each with a replica."""

from __future__ import annotations

import contextlib
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import redis
from redis.cluster import ClusterNode, RedisCluster
from redis.crc import key_slot

from postward.model.redis_target import RedisKind, RedisTarget
from tests.mailhost.loopback import HOST, free_ports
from tests.redis_servers.node import PATIENCE_S, RedisNode, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SLOTS = 16_384
_MASTERS = 3
_NODE_TIMEOUT_MS = 1_500
_POLLS = 120


@dataclass(slots=True)
class ClusterRedis:
    """``with ClusterRedis(folder) as cluster:``; a master that dies is replaced after two seconds or three."""

    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)
    """Of all servers."""
    has_replicas: bool = True
    servers: tuple[RedisNode, ...] = ()
    """Those that were masters at first, then the replica of each."""
    _buses: dict[int, int] = field(init=False, default_factory=dict)
    _stack: ExitStack = field(init=False, default_factory=ExitStack)

    @property
    def target(self) -> RedisTarget:
        """How Postward gets there."""
        nodes = tuple((HOST, server.port) for server in self.servers[:_MASTERS])
        return RedisTarget(kind=RedisKind.CLUSTER, nodes=nodes)

    @property
    def url(self) -> str:
        """The same for ``redis.url``."""
        return "redis+cluster://" + ",".join(f"{HOST}:{server.port}" for server in self.servers[:_MASTERS])

    @property
    def masters(self) -> tuple[RedisNode, ...]:
        """The servers that take writes."""
        return tuple(server for server in self.servers if server.is_running and _role(server) == "master")

    def admin(self) -> RedisCluster:
        """A client for what the test itself wants, to be closed."""
        running = next(server for server in self.servers if server.is_running)
        return RedisCluster(startup_nodes=[ClusterNode(HOST, running.port)], socket_timeout=PATIENCE_S)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.servers = tuple(
                stack.enter_context(self._node(number)) for number in range(_MASTERS * (2 if self.has_replicas else 1))
            )
            self._join()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def master_of(self, key: str) -> RedisNode:
        """The server that a key lies on."""
        slot = key_slot(key.encode()) % SLOTS
        running = next(server for server in self.servers if server.is_running)
        port = next(port for first, last, port in _owners(running) if first <= slot <= last)
        return next(server for server in self.servers if server.port == port)

    def failover(self, key: str = "") -> None:
        """Have the replica of the master that a key lies on become the master, and wait until all know it."""
        old = self.master_of(key)
        replica = next(server for server in self.servers if server.is_running and self._follows(server, old))
        wait_until(lambda: _takes_over(replica), "the replica does not become the master")
        self.settle()

    def settle(self) -> None:
        """Wait until every server that runs says that the cluster works, and replicas follow."""
        wait_until(self._is_settled, "the cluster does not come together")

    def _node(self, number: int) -> RedisNode:
        (bus,) = free_ports(1)
        options = {
            "cluster-enabled": "yes", "cluster-port": str(bus), "cluster-node-timeout": str(_NODE_TIMEOUT_MS),
            "cluster-config-file": "nodes.conf",
        }  # fmt: skip
        node = RedisNode(self.folder / f"server-{number}", options | dict(self.options))
        self._buses[node.port] = bus
        return node

    def _join(self) -> None:
        masters, replicas = self.servers[:_MASTERS], self.servers[_MASTERS:]
        for number, master in enumerate(masters):
            master.ask("CLUSTER SET-CONFIG-EPOCH", number + 1)
            first, after = SLOTS * number // _MASTERS, SLOTS * (number + 1) // _MASTERS
            master.ask("CLUSTER ADDSLOTSRANGE", first, after - 1)
        for server in self.servers[1:]:
            server.ask("CLUSTER MEET", HOST, masters[0].port, self._buses[masters[0].port])
        wait_until(self._all_know_all, "the servers of the cluster do not find each other")
        for master, replica in zip(masters, replicas, strict=False):
            replica.ask("CLUSTER REPLICATE", str(master.ask("CLUSTER MYID"), "ascii"))
        self.settle()

    def _all_know_all(self) -> bool:
        return all(_info(server)["cluster_known_nodes"] == str(len(self.servers)) for server in self.servers)

    def _is_settled(self) -> bool:
        running = [server for server in self.servers if server.is_running]
        return (
            all(_info(server)["cluster_state"] == "ok" for server in running)
            and sum(_role(server) == "master" for server in running) == _MASTERS
            and all(_role(server) == "master" or _is_up(server) for server in running)
            and len({_owners(server) for server in running}) == 1
        )

    @staticmethod
    def _follows(server: RedisNode, master: RedisNode) -> bool:
        with server.client() as client:
            info = client.info("replication")
        return bool(info["role"] == "slave" and info["master_port"] == master.port)


def _info(server: RedisNode) -> dict[str, str]:
    info = server.ask("CLUSTER INFO")
    return {str(name): str(value) for name, value in info.items()} if isinstance(info, dict) else {}


def _role(server: RedisNode) -> str:
    try:
        with server.client() as client:
            return str(client.info("replication")["role"])
    except redis.ConnectionError:
        return ""


def _takes_over(replica: RedisNode) -> bool:
    """Ask it to, and see whether it has; where others are busy the attempt ends after five seconds without a word."""
    if _role(replica) == "master":
        return True
    # It may be about it, or not be connected to its master for the moment.
    with contextlib.suppress(redis.ResponseError):
        replica.ask("CLUSTER FAILOVER")
    for _ in range(_POLLS):
        if _role(replica) == "master":
            return True
        time.sleep(0.05)
    return False


def _is_up(server: RedisNode) -> bool:
    with server.client() as client:
        return bool(client.info("replication")["master_link_status"] == "up")


def _owners(server: RedisNode) -> frozenset[tuple[int, int, int]]:
    """Which slots lie on the server of which port, as this server has it."""
    ranges = server.ask("CLUSTER SLOTS")
    assert isinstance(ranges, list)
    return frozenset((first, last, owner[1]) for first, last, owner, *_ in ranges)
