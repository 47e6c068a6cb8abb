# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that the operator starts: it holds the socket, and sees that a generation serves it.

It imports neither configuration nor plugins and starts no thread, so that it can fork at any time, and nothing
that an operator writes can hurt it.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from postward import __version__
from postward.errors import TemporaryFailure, UsageError
from postward.mta.collecting import Collecting
from postward.mta.fork import adopt_orphans, kill, reap
from postward.mta.generations import Generations
from postward.mta.leader import BAD_CONFIGURATION
from postward.mta.listen_settings import RefusedError, ask_listen_settings
from postward.mta.listening import open_listener
from postward.mta.managed_redis.keeping import RedisKeeping
from postward.mta.privileges import drop_privileges
from postward.mta.restart import Restart
from postward.mta.signals import Signals
from postward.mta.status import MtaStatus, default_status_path
from postward.mta.status_file import StatusFile
from postward.mta.systemd import Notifier
from postward.observability.reload_reporting import ReloadReporting

if TYPE_CHECKING:
    from postward.mta.engine import CollectorBody, GenerationLoader, ListenLoader
    from postward.mta.fork import Closable
    from postward.mta.link import Link
    from postward.mta.listening import Listener
    from postward.mta.settings import ListenSettings
    from postward.observability.logger import EventLog

_TICK_S = 0.25
_STATUS_S = 1.0
_NOT_STARTED = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorOptions:
    """What stands on the command line."""

    listen: ListenSettings | None = None
    """None: as the configuration says."""
    user: str | None = None
    """Become this user once the socket is open."""
    status_file: Path | None = None
    """None: as the listen settings say."""
    stop_timeout_s: float = 30.0
    """How long open sessions may go on after SIGTERM."""
    load_timeout_s: float = 120.0
    """How long a configuration may take to load; one that hangs must not stand in the way of the next."""


def run_supervisor(
    options: SupervisorOptions, load_listen: ListenLoader, load: GenerationLoader, collect: CollectorBody, log: EventLog
) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status.

    0: told to stop; 2: the arguments or the first configuration are not good, which standard error explains;
    75: the workers did not come up, or another process still listens there: trying again may help.
    """
    try:
        settings = options.listen or ask_listen_settings(load_listen, options.user)
        listener = open_listener(settings)
    except (RefusedError, UsageError) as error:
        sys.stderr.write(f"{error}\n")
        return BAD_CONFIGURATION
    except TemporaryFailure as error:
        sys.stderr.write(f"{error}\n")
        return _NOT_STARTED
    try:
        if options.user is not None:
            drop_privileges(options.user)
        stated = options.status_file or settings.status_file
        status_file = StatusFile(Path(stated) if stated else default_status_path(listener.address), log)
        collecting = Collecting(collect, log)
        redis = RedisKeeping(log)
        generations = Generations(listener, load, collecting, redis, log, load_timeout_s=options.load_timeout_s)
        supervisor = Supervisor(
            listener,
            generations,
            collecting,
            status_file,
            log,
            redis=redis,
            stop_timeout_s=options.stop_timeout_s,
        )
        return supervisor.run()
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_CONFIGURATION
    finally:
        listener.remove()


class Supervisor:
    """Starts, replaces and ends generations as signals and deaths demand."""

    def __init__(
        self,
        listener: Listener,
        generations: Generations,
        collecting: Collecting,
        status_file: StatusFile,
        log: EventLog,
        *,
        redis: RedisKeeping,
        stop_timeout_s: float,
    ) -> None:
        self._stop_timeout_s = stop_timeout_s
        self._listener = listener
        self._generations = generations
        self._collecting = collecting
        self._redis = redis
        self._reporting = ReloadReporting(collecting.sending, log)
        self._log = log
        self._notifier = Notifier(os.environ)
        self._status_file = status_file
        self._since_s = time.time()
        self._told_s = 0.0
        self._serves = False
        self._wants_reload = False
        self._seen_loads = 0
        self._stop_by_s: float | None = None
        self._is_deaf = False
        self._leader_deaths = 0
        self._led_since_s = 0.0
        self._restart = Restart(time.monotonic)

    def run(self) -> int:
        """Supervise until told to stop and everybody has gone, or until the first generation is refused."""
        signals = Signals()
        adopt_orphans()
        self._log.info(
            "supervisor.started",
            version=__version__,
            listen=str(self._listener.address),
            long_packets=self._listener.takes_long_packets,
        )
        self._generations.start()
        try:
            return self._supervise(signals)
        finally:
            # What served messages has ended, and its last words to Redis are there.
            self._redis.end()
            self._collecting.end()
            signals.close()

    def _supervise(self, signals: Signals) -> int:
        while self._stop_by_s is None or self._generations.all or self._generations.orphans:
            heard_on = [signals.fileno(), *(link.fileno() for link in self._links())]
            select.select(heard_on, [], [], _TICK_S)
            self._obey(signals.take())
            self._follow()
            if not self._serves and self._stop_by_s is None and not self._generations.all:
                return self._explain_refusal()
            self._keep_helpers()
            self._tell()
        self._log.info("supervisor.stopped")
        self._status_file.remove()
        return 0

    def _links(self) -> list[Link]:
        return [*self._generations.links(), *self._redis.links()]

    def _keep_helpers(self) -> None:
        held: tuple[Closable, ...] = (self._listener, *self._links())
        self._collecting.keep(close=held)
        self._redis.keep(close=(*held, self._collecting.receiving, self._collecting.sending))

    def _obey(self, told: frozenset[int]) -> None:
        if told & {signal.SIGTERM, signal.SIGINT}:
            self._stop()
        if signal.SIGHUP in told and self._stop_by_s is None:
            self._wants_reload = True
            self._notifier.reloading()
            self._log.info("reload.asked")

    def _stop(self) -> None:
        """Retire all; asked twice, do not wait for their sessions."""
        self._notifier.stopping()
        is_second = self._stop_by_s is not None
        self._stop_by_s = time.monotonic() + (0.0 if is_second else self._stop_timeout_s)
        self._log.info("supervisor.stopping", timeout_s=0.0 if is_second else self._stop_timeout_s)
        self._generations.retire()

    def _follow(self) -> None:
        """Draw the consequences of what leaders say and of their deaths."""
        generations = self._generations
        had_current = generations.current
        generations.hear()
        self._redis.hear()
        for pid, status in reap().items():
            if not self._collecting.bury(pid, status) and not self._redis.bury(pid, status):
                generations.bury(pid, status)
        if had_current is not None and generations.current is None and self._stop_by_s is None:
            self._note_death()
        if generations.loads != self._seen_loads:
            self._seen_loads = generations.loads
            self._after_load()
        if self._stop_by_s is None:
            self._start_what_is_due()
            self._notifier.feed_watchdog(is_healthy=generations.is_healthy or not self._serves)
        else:
            self._hasten(self._stop_by_s)

    def _note_death(self) -> None:
        self._leader_deaths += 1
        self._restart.put_off(time.monotonic() - self._led_since_s)

    def _after_load(self) -> None:
        generations = self._generations
        if generations.current is not None:
            self._serves = True
            self._notifier.ready()
        is_good = generations.last_load is not None and generations.last_load["is_good"]
        if is_good:
            self._led_since_s = time.monotonic()
        else:
            self._restart.put_off(0.0)
        self._notifier.status(
            f"serving {self._listener.address}" if is_good else "the new configuration was refused; see the log"
        )

    def _start_what_is_due(self) -> None:
        generations = self._generations
        if generations.incoming is not None:
            return
        if self._wants_reload:
            self._wants_reload = False
            generations.start()
        elif self._serves and generations.current is None and self._restart.is_due:
            # Its leader has died.
            generations.start()

    def _hasten(self, stop_by_s: float) -> None:
        """Turn new connections away once nobody accepts any, and end what does not end in time."""
        generations = self._generations
        if not self._is_deaf and all(one.is_silent for one in generations.all):
            self._is_deaf = True
            self._listener.remove()
            self._listener.turn_away()
        if time.monotonic() >= stop_by_s:
            for one in generations.all:
                self._log.warning("generation.killed", number=one.number, reason="not retired in time")
                one.kill()
            for pid in generations.orphans:
                self._log.error("worker.killed", pid=pid, reason="not retired in time")
                kill(pid)

    def _explain_refusal(self) -> int:
        refusal = self._generations.last_load
        sys.stderr.writelines(f"{error}\n" for error in (refusal["errors"] if refusal else ()))
        return BAD_CONFIGURATION if self._generations.last_exit == BAD_CONFIGURATION else _NOT_STARTED

    def _tell(self) -> None:
        """Say now and then how things stand."""
        now = time.monotonic()
        if now - self._told_s < _STATUS_S:
            return
        self._told_s = now
        generations = self._generations
        self._reporting.report(
            loaded_s=generations.serving_since_s,
            failures=generations.refusals,
            is_stale=generations.last_load is not None and not generations.last_load["is_good"],
            redis_restarts=self._redis.restarts,
        )
        self._status_file.write(self._status())

    def _status(self) -> MtaStatus:
        generations = self._generations
        if self._stop_by_s is not None:
            state = "stopping"
        elif generations.incoming is not None:
            state = "reloading" if self._serves else "starting"
        else:
            state = "serving" if generations.is_healthy else "failing"
        return MtaStatus(
            version=__version__,
            pid=os.getpid(),
            since_s=self._since_s,
            written_s=time.time(),
            listen=str(self._listener.address),
            state=state,
            generations=[one.status() for one in generations.all],
            reloads=generations.loads,
            last_reload=generations.last_load,
            leader_restarts=self._leader_deaths,
            redis=self._redis.status(),
        )
