"""The Redis that Postward starts itself, as the configuration wants it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from postward.mta.managed_redis.settings import ManagedRedisSettings

if TYPE_CHECKING:
    from postward.config import Configuration

PROGRAMS = ("redis-server", "valkey-server")
"""Either does; the first that is on the PATH is taken."""
MANAGED = "managed"
"""What ``redis.url`` says."""


def find_server() -> str | None:
    """Return the path of the server program, or None where neither is on the PATH."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def managed_redis_settings(config: Configuration) -> ManagedRedisSettings | None:
    """Return what the keeper is told; None where Redis is somebody else's, or there is none."""
    program = find_server()
    if config.redis.url != MANAGED or program is None:
        return None
    return ManagedRedisSettings(program=program, socket=str(config.state_dir / "redis" / "redis.sock"))
