# SPDX-License-Identifier: GPL-3.0-or-later
"""The leader of a generation: loads the configuration aside, then keeps a crew of workers that serve it."""

from __future__ import annotations

import os
import select
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from postward.errors import ConfigErrors
from postward.mta.crew import Crew, Workplace
from postward.mta.fork import reap
from postward.mta.link import KIND
from postward.mta.refusal import faults_to_tell
from postward.observability.crew_reporting import CrewReporting

if TYPE_CHECKING:
    import socket

    from postward.mta.engine import GenerationLoader
    from postward.mta.link import Link
    from postward.mta.listening import Listener
    from postward.observability.logger import EventLog

RETIRE = "retire"
"""What the supervisor says: the generation is to end with its last session."""
LOADED, READY, REFUSED, STATUS, SILENT = "loaded", "ready", "refused", "status", "silent"
"""What a leader says."""

BAD_CONFIGURATION = 2
_NOT_READY = 75
"""EX_TEMPFAIL: the configuration is good, and yet its workers do not come up."""

_TICK_S = 0.2
_STATUS_S = 1.0


def run_leader(link: Link, listener: Listener, load: GenerationLoader, log: EventLog, *, channel: socket.socket) -> int:
    """Body of a leader process; returns the exit status.  ``channel`` leads to the collector."""
    # A group of its own: what a terminal sends to the foreground must not reach libmilter.
    os.setpgid(0, 0)
    try:
        loaded = load()
    except ConfigErrors as error:
        link.send(REFUSED, errors=faults_to_tell(error.errors))
        return BAD_CONFIGURATION
    log.adopt(loaded.collector.log)
    redis = loaded.managed_redis
    link.send(LOADED, collector=asdict(loaded.collector), redis=asdict(redis) if redis is not None else None)
    workplace = Workplace(loaded=loaded, listener=listener, channel=channel, log=log, foreign_links=(link,))
    crew = Crew(workplace, monotonic=time.monotonic)
    return Leader(link, listener, crew, CrewReporting(channel, log)).run()


class Leader:
    """One generation's life: coming up, leading, retiring."""

    def __init__(self, link: Link, listener: Listener, crew: Crew, reporting: CrewReporting) -> None:
        self._link = link
        self._listener = listener
        self._crew = crew
        self._reporting = reporting
        self._supervisor = os.getppid()
        self._is_ready = False
        self._is_retiring = False
        self._has_said_silent = False
        self._reported_s = 0.0

    def run(self) -> int:
        """Lead until told to retire and the last worker has gone, or until the workers fail to come up."""
        while not self._crew.is_gone:
            self._crew.fill()
            self._wait()
            self._crew.hear()
            self._bury()
            self._crew.watch()
            self._obey()
            if not self._is_ready and self._crew.has_failed:
                self._crew.disband()
                self._link.send(REFUSED, errors=["the workers of the new generation do not come up"])
                return _NOT_READY
            self._report()
        # The sums go on without this generation, and its sessions must not be counted any longer.
        self._count(sessions=0)
        return 0

    def _wait(self) -> None:
        links = [link for link in (self._link, *self._crew.links()) if link.is_open]
        select.select(links, [], [], _TICK_S)

    def _bury(self) -> None:
        for pid, status in reap().items():
            self._crew.bury(pid, status)

    def _obey(self) -> None:
        told = {message[KIND] for message in self._link.receive()}
        if (RETIRE in told or self._is_orphan) and not self._is_retiring:
            self._is_retiring = True
            self._crew.retire()

    @property
    def _is_orphan(self) -> bool:
        return not self._link.is_open or os.getppid() != self._supervisor

    def _report(self) -> None:
        if self._crew.is_ready and not self._is_ready:
            self._is_ready = True
            self._link.send(READY)
        if self._crew.is_silent and not self._has_said_silent:
            self._has_said_silent = self._link.send(SILENT)
            if self._is_orphan:
                # Nobody would ever accept what still connects, and a new supervisor could not have the address.
                self._listener.turn_away()
        if time.monotonic() - self._reported_s >= _STATUS_S:
            self._reported_s = time.monotonic()
            workers, restarts = self._crew.statuses(), self._crew.restarts
            self._link.send(STATUS, is_healthy=self._crew.is_healthy, restarts=restarts, workers=workers)
            self._count(sessions=sum(worker["sessions"] for worker in workers))

    def _count(self, *, sessions: int) -> None:
        crew = self._crew
        self._reporting.report(sessions=sessions, restarts=crew.restarts, events_lost=crew.unreported)
