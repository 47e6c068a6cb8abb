# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker process: libmilter on a thread of its own, and a main thread that reports, retires and tidies up."""

from __future__ import annotations

import gc
import itertools
import math
import os
import select
import signal
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import milter
from postward.model.body import Body
from postward.mta.afterwards import Afterwards
from postward.mta.census import Census
from postward.mta.door import Door, claim_descriptors
from postward.mta.gate import Gate
from postward.mta.judging import Judge
from postward.mta.link import KIND
from postward.mta.pools import Pools
from postward.mta.reception import Reception
from postward.mta.registration import serve_with
from postward.mta.retire import Retirement
from postward.mta.service import Service
from postward.mta.spool_file import SpoolFile

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from types import FrameType

    from postward.mta.engine import Engine, LoadedGeneration
    from postward.mta.link import Link
    from postward.mta.listening import Listener
    from postward.mta.settings import MessageLimits, MtaSettings
    from postward.observability.logger import EventLog

READY, HEARTBEAT, RETIRE, SILENT = "ready", "heartbeat", "retire", "silent"
MILTER_ENDED = 71
"""Exit status where libmilter gave up by itself."""

_HEARTBEAT_S = 1.0
_RETIRING_POLL_S = 0.1
_BEATS_PER_FULL_COLLECTION = 30
_AFTERWARDS_TIMEOUT_S = 10.0
_FULL_TOLD_EVERY_S = 60.0


class Worker:
    """Serves sessions until it is told to retire, or its leader is gone."""

    def __init__(self, link: Link, listener: Listener, engine: Engine, settings: MtaSettings, log: EventLog) -> None:
        self._link = link
        self._engine = engine
        self._settings = settings
        self._leader = os.getppid()
        shedding = engine.shedding
        self._pools = Pools(settings.max_threads, shedding.is_ours if shedding is not None else None)
        self._gate = Gate(shedding, self._pools)
        self._log = log
        self._door = Door(listener, claim_descriptors(), wake=self._wake_libmilter)
        self._full_told_s = -math.inf
        self._census = Census(time.monotonic, changed=self._door.settle)
        self._afterwards = Afterwards(engine, log)
        self._retirement: Retirement | None = None
        self._milter = threading.Thread(target=milter.main, name="libmilter", daemon=True)
        milter.settimeout(settings.mta_timeout_s)
        serve_with(
            Service(
                engine=engine,
                gate=self._gate,
                judge=Judge(engine, self._pools, settings, log, monotonic=time.monotonic),
                reception=Reception(engine, self._pools, settings, log),
                afterwards=self._afterwards,
                census=self._census,
                limits=settings.limits,
                log=log,
                new_id=id_source(),
                new_body=body_source(settings.limits),
                clock=time.time,
            )
        )

    def run(self) -> int:
        """Serve; returns the exit status."""
        # A finalizer that calls back into Python must not run on a thread of libmilter, so nothing may be
        # collected there; what exists by now is not looked at again.
        gc.freeze()
        gc.disable()
        signal.signal(signal.SIGUSR2, _do_nothing)
        self._milter.start()
        self._link.send(READY)
        for beat in itertools.count():
            self._report()
            self._gate.tell()
            self._mind_the_door()
            gc.collect(2 if beat % _BEATS_PER_FULL_COLLECTION == 0 else 1)
            self._listen()
            if self._retirement is not None:
                if self._retirement.is_complete():
                    return self._end(0)
            elif not self._milter.is_alive():
                return self._end(MILTER_ENDED)
        return 0

    def _report(self) -> None:
        self._link.send(
            HEARTBEAT,
            sessions=self._census.sessions,
            messages=self._census.messages,
            oldest_s=round(self._census.oldest_s, 1),
            stuck=self._pools.stuck,
            dropped=self._afterwards.dropped,
        )

    def _mind_the_door(self) -> None:
        self._door.look()
        if self._door.has_been_shut() and time.monotonic() - self._full_told_s >= _FULL_TOLD_EVERY_S:
            self._full_told_s = time.monotonic()
            self._log.warning(
                "worker.full", pid=os.getpid(), sessions=self._census.sessions, max_sessions=self._door.max_sessions
            )

    def _wake_libmilter(self) -> None:
        """Have libmilter look at its socket anew, which it does when a signal has ended its wait."""
        if self._milter.is_alive() and self._milter.ident is not None:
            signal.pthread_kill(self._milter.ident, signal.SIGUSR2)

    def _listen(self) -> None:
        """Wait for a word of the leader, until the next heartbeat is due."""
        timeout_s = _HEARTBEAT_S if self._retirement is None else _RETIRING_POLL_S
        if self._link.is_open:
            select.select([self._link], [], [], timeout_s)
            told = any(message[KIND] == RETIRE for message in self._link.receive())
        else:
            time.sleep(timeout_s)
            told = False
        is_orphan = not self._link.is_open or os.getppid() != self._leader
        if (told or is_orphan) and self._retirement is None:
            self._retirement = Retirement(self._door, timeout_s=self._settings.retire_timeout_s)
            self._link.send(SILENT)

    def _end(self, status: int) -> int:
        self._afterwards.close(_AFTERWARDS_TIMEOUT_S)
        self._engine.close()
        return status


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    """Be there, for a signal that is ignored would not end a wait."""


def run_worker(
    link: Link, listener: Listener, loaded: LoadedGeneration, *, index: int, channel: socket.socket, log: EventLog
) -> int:
    """Body of a worker process; returns the exit status."""
    # libmilter knows the socket's file by a name relative to its directory, and must not find it.
    os.chdir("/")
    engine = loaded.make_engine(index, channel)
    return Worker(link, listener, engine, loaded.settings, log).run()


def id_source() -> Callable[[], str]:
    """Return a maker of transaction ids: unlike any of this host's before, and short enough for a log line."""
    prefix = f"{time.time_ns() // 1_000_000:x}.{os.getpid():x}"
    numbers = itertools.count(1)
    return lambda: f"{prefix}.{next(numbers):x}"


def body_source(limits: MessageLimits) -> Callable[[], Body]:
    """Return a maker of bodies that go on in a file where they grow too large for memory."""
    return partial(Body, memory_bytes=limits.body_memory_bytes, make_overflow=partial(SpoolFile, limits.spool_dir))
