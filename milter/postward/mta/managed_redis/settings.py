# SPDX-License-Identifier: GPL-3.0-or-later
"""What the keeper of the private Redis is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedRedisSettings:
    """One private redis-server."""

    program: str
    """The redis-server or valkey-server to run."""
    socket: str
    """Its Unix socket; all that it keeps lies in the same directory, which is nobody else's."""
    max_memory_mb: int = 256
    """What its data may take, in units of 1024 * 1024 octets; beyond, what would expire first goes."""

    @property
    def directory(self) -> Path:
        """Where its data lies."""
        return Path(self.socket).parent


def read_managed_redis(values: dict[str, object] | None) -> ManagedRedisSettings | None:
    """Rebuild what ``dataclasses.asdict`` made of settings; None where it is something else."""
    match values:
        case {"program": str(program), "socket": str(socket), "max_memory_mb": int(max_memory_mb), **others} if (
            not others
        ):
            return ManagedRedisSettings(program=program, socket=socket, max_memory_mb=max_memory_mb)
    return None
