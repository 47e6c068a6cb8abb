# SPDX-License-Identifier: GPL-3.0-or-later
"""What the supervisor reports: the configuration in use, how many newer ones were refused, and what died."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.channel import Channel
from postward.observability.families import CONFIG_STALE, REDIS_RESTARTS, RELOAD_FAILURES, RELOAD_SUCCESS
from postward.observability.metrics import WorkerMetrics

if TYPE_CHECKING:
    import socket

    from postward.observability.logger import EventLog


class ReloadReporting:
    """Sends what only the supervisor knows to the collector; without a thread, and without ever waiting."""

    def __init__(self, sending: socket.socket, log: EventLog) -> None:
        self._metrics = WorkerMetrics()
        self._channel = Channel(sending, self._metrics, log)

    def report(self, *, loaded_s: float | None, failures: int, is_stale: bool, redis_restarts: int = 0) -> None:
        """Report when the configuration in use was taken into use (Unix time), and the total of refused ones.

        ``is_stale`` where the last one that was read was refused; ``redis_restarts``: how often the private Redis died,
        in all.
        """
        self._metrics.set(CONFIG_STALE, is_stale)
        if loaded_s is not None:
            self._metrics.set(RELOAD_SUCCESS, loaded_s)
        self._metrics.raise_to(RELOAD_FAILURES, failures)
        self._metrics.raise_to(REDIS_RESTARTS, redis_restarts)
        self._channel.flush()
