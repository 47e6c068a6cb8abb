# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Redis is meant, and how to get in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class RedisKind(StrEnum):
    """How the servers belong together."""

    SINGLE = "single"
    SENTINEL = "sentinel"
    """Sentinels know which server is the master."""
    CLUSTER = "cluster"
    """Each key lies on one of several masters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisTls:
    """TLS to all servers."""

    ca_file: str | None = None
    """Certificates that are trusted; None: the system's."""
    certificate_file: str | None = None
    """Our own, where the server asks for one."""
    key_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisTarget:
    """One Redis or Valkey, alone or as a group of servers."""

    kind: RedisKind = RedisKind.SINGLE
    nodes: tuple[tuple[str, int], ...] = ()
    """Host and port of the server, of the sentinels, or of some servers of the cluster."""
    socket_path: str = ""
    """The Unix socket of a single server, in place of a node."""
    service: str = ""
    """What the sentinels call the master."""
    database: int = 0
    """Always 0 in a cluster."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sentinel_user: str | None = None
    sentinel_password: str | None = field(default=None, repr=False)
    tls: RedisTls | None = None
    """None: no TLS."""
