# SPDX-License-Identifier: GPL-3.0-or-later
"""One generation as the supervisor sees it: a leader process, and what that last said."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.mta.fork import kill
from postward.mta.leader import LOADED, READY, REFUSED, RETIRE, SILENT, STATUS
from postward.mta.link import KIND
from postward.mta.managed_redis.settings import ManagedRedisSettings, read_managed_redis
from postward.mta.status import GenerationStatus
from postward.observability.collector_settings import CollectorSettings, read_settings

if TYPE_CHECKING:
    from postward.mta.link import Link, Message
    from postward.mta.status import WorkerStatus


@dataclass(slots=True, kw_only=True)
class Generation:
    """One leader process and what it last said."""

    number: int
    pid: int
    link: Link
    heard_s: float
    is_loaded: bool = False
    is_ready: bool = False
    is_retiring: bool = False
    is_silent: bool = False
    is_healthy: bool = False
    restarts: int = 0
    workers: list[WorkerStatus] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    collector: CollectorSettings | None = None
    """How the collector is to work while this generation is the one that counts."""
    managed_redis: ManagedRedisSettings | None = None
    """The private Redis that is to run meanwhile."""

    def take(self, message: Message) -> None:
        """Take note of what the leader says."""
        self.heard_s = time.monotonic()
        match message[KIND]:
            case kind if kind == LOADED:
                self.is_loaded, self.collector = True, read_settings(message["collector"])
                self.managed_redis = read_managed_redis(message["redis"])
            case kind if kind == READY:
                self.is_ready = self.is_healthy = True
            case kind if kind == REFUSED:
                self.errors = list(message["errors"])
            case kind if kind == SILENT:
                self.is_silent = True
            case kind if kind == STATUS:
                self.is_healthy, self.restarts = message["is_healthy"], message["restarts"]
                self.workers = message["workers"]

    def is_silent_for(self, seconds: float) -> bool:
        """Nothing was heard of the leader for longer than that, or nothing at all while it loads."""
        return time.monotonic() - self.heard_s > seconds

    def retire(self) -> None:
        """Have its workers end with their last sessions; one that still loads has none, and just ends."""
        self.is_retiring = True
        if self.is_loaded:
            self.link.send(RETIRE)
        else:
            kill(self.pid)

    def kill(self) -> None:
        """End the leader and its workers at once."""
        for pid in (self.pid, *(worker["pid"] for worker in self.workers)):
            kill(pid)

    def status(self) -> GenerationStatus:
        """For the status file."""
        return GenerationStatus(
            number=self.number,
            leader_pid=self.pid,
            state=self._state(),
            is_healthy=self.is_healthy,
            restarts=self.restarts,
            workers=self.workers,
        )

    def _state(self) -> str:
        if self.is_retiring:
            return "retiring"
        return "serving" if self.is_ready else "loading"
