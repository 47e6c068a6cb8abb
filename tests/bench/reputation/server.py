# SPDX-License-Identifier: GPL-3.0-or-later
"""A Redis server of the bench's own, on a Unix socket, and the store on it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.model.redis_target import RedisTarget
from tests.redis_servers.node import RedisNode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import redis

    from tests.bench.reputation.frozen_clock import FrozenClock


@dataclass(slots=True)
class BenchRedis(RedisNode):
    """Keeps nothing on disk."""

    clock: FrozenClock | None = None
    """What it takes for the time; None: the time."""

    @property
    def target(self) -> RedisTarget:
        """How Postward gets there, as to a managed one."""
        return RedisTarget(socket_path=str(self.folder / "sock"))

    def _command(self) -> list[str]:
        command = [*RedisNode._command(self), "--unixsocket", str(self.folder / "sock")]
        if self.clock is None:
            return command
        return ["env", *(f"{name}={value}" for name, value in self.clock.environment.items()), *command]


@contextmanager
def bench_redis(folder: Path, clock: FrozenClock | None = None) -> Iterator[tuple[BenchRedis, redis.Redis]]:
    """Start one, and a client for what the bench itself asks."""
    with BenchRedis(folder, clock=clock) as server, server.client() as client:
        yield server, client
