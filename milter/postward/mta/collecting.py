# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector process as the supervisor keeps it: one for all generations, started anew when it dies."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from postward.mta.fork import ends_within, fork, kill
from postward.mta.restart import Restart
from postward.observability.channel import open_channel, send_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.mta.engine import CollectorBody
    from postward.mta.fork import Closable
    from postward.observability.collector_settings import CollectorSettings
    from postward.observability.logger import EventLog

_END_TIMEOUT_S = 5.0


class Collecting:
    """Holds both ends of the channel, so that what is under way in it outlives the collector.

    There is no collector before the first settings are known; what is reported until then waits in the channel.
    """

    def __init__(
        self, collect: CollectorBody, log: EventLog, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.receiving, self.sending = open_channel()
        self._collect = collect
        self._log = log
        self._monotonic = monotonic
        self._restart = Restart(monotonic)
        self._settings: CollectorSettings | None = None
        self._is_told = False
        self._pid: int | None = None
        self._started_s = 0.0

    def configure(self, settings: CollectorSettings) -> None:
        """Let the collector work by these settings from here on; the sums stay."""
        self._settings = settings
        self._is_told = False

    def keep(self, *, close: Iterable[Closable]) -> None:
        """See that there is a collector and that it knows its settings; to be called now and then, never waits.

        ``close``: what a child must not hold open.
        """
        if self._settings is None:
            return
        if self._pid is None and self._restart.is_due:
            self._start(self._settings, close)
        if self._pid is not None and not self._is_told:
            self._is_told = self._tell(self._settings)

    def _start(self, settings: CollectorSettings, close: Iterable[Closable]) -> None:
        self._started_s = self._monotonic()
        try:
            self._pid = fork(lambda: self._run(settings), close=(*close, self.sending))
        except OSError as error:
            self._log.error("collector.not_started", error=error.strerror, restart_in_s=self._restart.put_off(0.0))
            return
        # Older settings may still be on their way in the channel; said once more, the right ones come last.
        self._is_told = False
        self._log.info("collector.started", pid=self._pid)

    def _run(self, settings: CollectorSettings) -> int:
        self._collect(self.receiving, settings)
        return 0

    def _tell(self, settings: CollectorSettings) -> bool:
        try:
            send_settings(self.sending, settings)
        except BlockingIOError:
            return False
        return True

    def bury(self, pid: int, status: int) -> bool:
        """Take note that a child has ended; False where it was not the collector."""
        if pid != self._pid:
            return False
        self._pid = None
        delay_s = self._restart.put_off(self._monotonic() - self._started_s)
        self._log.error("collector.died", pid=pid, status=status, restart_in_s=delay_s)
        return True

    def end(self, timeout_s: float = _END_TIMEOUT_S) -> None:
        """Let the collector take in what is left, and end; all other reporting processes have ended before."""
        self.sending.close()
        self.receiving.close()
        if self._pid is None:
            return
        if not ends_within(self._pid, timeout_s, monotonic=self._monotonic):
            self._log.error("collector.killed", pid=self._pid, reason="not ended in time")
            kill(self._pid)
        os.waitpid(self._pid, 0)
        self._pid = None
