# SPDX-License-Identifier: GPL-3.0-or-later
"""The Redis that Postward starts itself, as the configuration wants it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from postward.config.schema.redis import MANAGED
from postward.errors import ConfigErrors
from postward.mta.managed_redis.settings import ManagedRedisSettings

if TYPE_CHECKING:
    from pathlib import Path

    from postward.config import Configuration

_PROGRAMS = ("redis-server", "valkey-server")
NO_PROGRAM = "neither redis-server nor valkey-server is on the PATH"


def find_redis_program(path: str | None = None) -> str | None:
    """Return the server program, the first that there is; None for none.  ``path`` in place of the PATH."""
    return next((program for name in _PROGRAMS if (program := shutil.which(name, path=path))), None)


def managed_socket(state_dir: Path) -> Path:
    """Where the Redis listens that Postward starts itself."""
    return state_dir / "redis" / "redis.sock"


def lacks_program(config: Configuration, program: str | None) -> bool:
    """Tell whether Postward is to start a Redis by default, and has no ``program`` for it: it works without one then.

    Raises ConfigErrors where the configuration demands one.
    """
    if config.redis.url != MANAGED or program is not None:
        return False
    demanded = _where_demanded(config)
    if demanded:
        raise ConfigErrors([config.error_at(demanded, NO_PROGRAM, "install one, or set redis.url to null")])
    return True


def _where_demanded(config: Configuration) -> str:
    """The key at which the file says ``managed``, with a section around it or without; "" for the default."""
    if "url" not in config.redis.model_fields_set:
        return ""
    return "redis.url" if config.is_written("redis.url") else "redis"


def managed_redis_settings(config: Configuration, program: str | None) -> ManagedRedisSettings | None:
    """Return what the keeper is told, to run that ``program``; None where Redis is somebody else's, or there is none.

    Raises ConfigErrors as ``lacks_program``.
    """
    if config.redis.url != MANAGED or lacks_program(config, program) or program is None:
        return None
    return ManagedRedisSettings(
        program=program,
        socket=str(managed_socket(config.state_dir)),
        max_memory_mb=config.redis.max_memory_mb,
    )
