# SPDX-License-Identifier: GPL-3.0-or-later
"""What `postward status` reads: the supervisor's view, in a file that is replaced as a whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from postward.model.milter_socket import UnixSocket

if TYPE_CHECKING:
    from postward.model.milter_socket import MilterSocket


class WorkerStatus(TypedDict):
    """One worker process."""

    pid: int
    index: int
    age_s: float
    state: str
    """starting, serving or retiring."""
    sessions: int
    """Open sessions with the MTA."""
    messages: int
    """Messages answered since it started."""
    stuck: int
    """Evaluations that were given up at the deadline and still run."""


class GenerationStatus(TypedDict):
    """One generation; the newest that serves is the first of the list."""

    number: int
    leader_pid: int
    state: str
    """loading, serving or retiring."""
    is_healthy: bool
    restarts: int
    """Workers that died and were replaced."""
    workers: list[WorkerStatus]


class ReloadStatus(TypedDict):
    """The last attempt to load a configuration."""

    time_s: float
    """Unix time of its end."""
    is_good: bool
    errors: list[str]


REDIS_DOWN = "down"
"""The state of a Redis that cannot be run, or has died and is not started again yet."""


class RedisStatus(TypedDict):
    """The Redis that Postward starts itself."""

    state: str
    """starting, loading (it reads its data), serving, or down."""
    pid: int
    """0 where there is no process."""
    since_s: float
    """Unix time from which on it stands so."""
    restarts: int
    """Times that it died and was started again."""
    reason: str
    """Why it is down, or went down last."""


class MtaStatus(TypedDict):
    """The whole file."""

    version: str
    pid: int
    """Of the supervisor."""
    since_s: float
    """Unix time of its start."""
    written_s: float
    """Unix time of this file; older than a few seconds means that the supervisor is gone or hangs."""
    listen: str
    state: str
    """starting, serving, reloading or stopping."""
    generations: list[GenerationStatus]
    reloads: int
    """Configurations loaded since the start, good or bad, the first one included."""
    last_reload: ReloadStatus | None
    leader_restarts: int
    """Leaders that died and were replaced."""
    redis: RedisStatus | None
    """None where Postward starts none itself."""


def default_status_path(address: MilterSocket) -> Path | None:
    """Beside the Unix socket; None for TCP, where the file has to be named."""
    if isinstance(address, UnixSocket):
        return Path(f"{address.path}.status.json")
    return None


def write_status(path: Path, status: MtaStatus) -> None:
    """Replace the file; raises OSError."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(json.dumps(status, indent=1) + "\n")
    os.replace(new, path)  # noqa: PTH105 - the same call, named as POSIX names it


def read_status(path: Path) -> MtaStatus | None:
    """Return the status, or None where there is none that can be read."""
    try:
        content: MtaStatus = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
