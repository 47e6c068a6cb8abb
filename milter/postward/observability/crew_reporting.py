# SPDX-License-Identifier: GPL-3.0-or-later
"""What whoever looks after the workers reports about them: open sessions, replacements, lost events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.channel import Channel
from postward.observability.families import EVENTS_LOST, SESSIONS, WORKER_RESTARTS
from postward.observability.metrics import WorkerMetrics

if TYPE_CHECKING:
    import socket

    from postward.observability.logger import EventLog


class CrewReporting:
    """Sends what only the workers' keeper knows to the collector; without a thread, and without ever waiting."""

    def __init__(self, sending: socket.socket, log: EventLog) -> None:
        self._metrics = WorkerMetrics()
        self._channel = Channel(sending, self._metrics, log)

    def report(self, *, sessions: int, restarts: int, events_lost: int = 0) -> None:
        """Report the sessions open now, and the other two as totals so far; to be called every second or so."""
        self._metrics.set(SESSIONS, sessions)
        self._metrics.raise_to(WORKER_RESTARTS, restarts)
        self._metrics.raise_to(EVENTS_LOST, events_lost)
        self._channel.flush()
