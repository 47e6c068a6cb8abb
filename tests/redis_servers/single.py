# SPDX-License-Identifier: GPL-3.0-or-later
"""One Redis server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.model.redis_target import RedisTarget
from tests.mailhost.loopback import HOST
from tests.redis_servers.node import RedisNode

if TYPE_CHECKING:
    import redis


@dataclass(slots=True)
class SingleRedis(RedisNode):
    """``with SingleRedis(folder) as server:``; ``options`` as ``{"maxmemory": "1mb"}``."""

    @property
    def target(self) -> RedisTarget:
        """How Postward gets there."""
        return RedisTarget(nodes=((HOST, self.port),), password=self.password)

    @property
    def url(self) -> str:
        """The same for ``redis.url``."""
        secret = f":{self.password}@" if self.password else ""
        return f"redis://{secret}{HOST}:{self.port}/0"

    @property
    def masters(self) -> tuple[RedisNode, ...]:
        """The servers that take writes."""
        return (self,)

    def admin(self) -> redis.Redis:
        """A client for what the test itself wants, to be closed."""
        return self.client()
