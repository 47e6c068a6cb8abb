# SPDX-License-Identifier: GPL-3.0-or-later
"""One worker process as its leader sees it, and when it is taken to hang."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.mta.link import KIND
from postward.mta.status import WorkerStatus
from postward.mta.worker import HEARTBEAT, READY, RETIRE, SILENT

if TYPE_CHECKING:
    from postward.mta.link import Link, Message
    from postward.mta.settings import MtaSettings

_GRACE_S = 10.0
"""Beyond a time that the worker itself keeps: what is still not done then hangs outside Python's reach."""


@dataclass(slots=True, kw_only=True)
class Hand:
    """What a worker last said of itself; times are of the leader's monotonic clock."""

    pid: int
    index: int
    link: Link
    started_s: float
    heard_s: float
    is_ready: bool = False
    is_silent: bool = False
    is_killed: bool = False
    retires_since_s: float | None = None
    sessions: int = 0
    messages: int = 0
    oldest_s: float = 0.0
    stuck: int = 0
    dropped: int = 0
    """Finished messages that the worker could neither log nor count."""

    def take(self, message: Message, now_s: float) -> None:
        """Take note of what the worker says."""
        self.heard_s = now_s
        match message[KIND]:
            case kind if kind == READY:
                self.is_ready = True
            case kind if kind == SILENT:
                self.is_silent = True
            case kind if kind == HEARTBEAT:
                self.sessions, self.messages = message["sessions"], message["messages"]
                self.oldest_s, self.stuck = message["oldest_s"], message["stuck"]
                self.dropped = max(self.dropped, message["dropped"])

    def hangs(self, settings: MtaSettings, now_s: float) -> str:
        """Why the worker must be killed, in words; "" where it need not."""
        if self.is_unheard(settings, now_s):
            return "no heartbeat"
        if self.oldest_s > settings.deadline_s + _GRACE_S:
            return "a message is past its deadline"
        if not self.is_ready and self.age_s(now_s) > settings.start_timeout_s:
            return "not ready in time"
        if self.retires_since_s is not None and now_s - self.retires_since_s > settings.retire_timeout_s + _GRACE_S:
            return "not retired in time"
        return ""

    def is_unheard(self, settings: MtaSettings, now_s: float) -> bool:
        """Nothing was heard of the worker for longer than it may be silent."""
        limit_s = settings.heartbeat_timeout_s if self.is_ready else settings.start_timeout_s
        return now_s - self.heard_s > limit_s

    def retire(self, now_s: float) -> None:
        """Tell the worker, once, to end with its last session."""
        if self.retires_since_s is None:
            self.retires_since_s = now_s
            self.link.send(RETIRE)

    def age_s(self, now_s: float) -> float:
        """Seconds since it was started."""
        return now_s - self.started_s

    def status(self, now_s: float) -> WorkerStatus:
        """For the status file."""
        return WorkerStatus(
            pid=self.pid,
            index=self.index,
            age_s=round(self.age_s(now_s), 1),
            state=self._state(),
            sessions=self.sessions,
            messages=self.messages,
            stuck=self.stuck,
        )

    def _state(self) -> str:
        if self.retires_since_s is not None:
            return "retiring"
        return "serving" if self.is_ready else "starting"
