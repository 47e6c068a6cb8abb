# SPDX-License-Identifier: GPL-3.0-or-later
"""The private Redis as the supervisor keeps it: one for all generations, below a keeper process of its own."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from postward.mta.fork import ends_within, fork, kill
from postward.mta.link import KIND, open_link
from postward.mta.managed_redis.keeper import DIED, END, LOADING, NOT_STARTED, SERVING, SETTINGS, STARTING, run_keeper
from postward.mta.restart import Restart
from postward.mta.status import REDIS_DOWN, RedisStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.mta.fork import Closable
    from postward.mta.link import Link, Message
    from postward.mta.managed_redis.settings import ManagedRedisSettings
    from postward.observability.logger import EventLog

_END_TIMEOUT_S = 5.0


class RedisKeeping:
    """Starts and ends the keeper as the configuration wants, and says what that one tells; never waits but at the end.

    There is no Redis before the first settings are known.
    """

    def __init__(self, log: EventLog, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._monotonic = monotonic
        self._restart = Restart(monotonic)
        self._settings: ManagedRedisSettings | None = None
        self._is_told = True
        self._is_ending = False
        self._pid: int | None = None
        self._link: Link | None = None
        self._started_s = 0.0
        self._state = STARTING
        self._since_s = time.time()
        self._server = 0
        self._reason = ""
        self.restarts = 0
        """Times that the server was lost and had to be started again."""

    def configure(self, settings: ManagedRedisSettings | None) -> None:
        """Keep a Redis by these settings from here on; one that they do not change goes on undisturbed."""
        if settings == self._settings:
            return
        self._settings = settings
        self._is_told = False
        self._restart = Restart(self._monotonic)

    def keep(self, *, close: Iterable[Closable]) -> None:
        """See that there is a keeper that knows its settings, or none; to be called now and then.

        ``close``: what a child must not hold open.
        """
        if self._pid is None:
            if self._settings is not None and self._restart.is_due:
                self._start(self._settings, close)
        elif not self._is_told and not self._is_ending:
            self._tell()

    def _start(self, settings: ManagedRedisSettings, close: Iterable[Closable]) -> None:
        self._started_s = self._monotonic()
        supervisor = os.getpid()
        try:
            mine, theirs = open_link()
        except OSError as error:
            self._note_not_started(error)
            return
        try:
            pid = fork(lambda: run_keeper(theirs, settings, supervisor), close=(*close, mine))
        except OSError as error:
            mine.close()
            self._note_not_started(error)
            return
        finally:
            theirs.close()
        self._pid, self._link = pid, mine
        self._is_told, self._is_ending = True, False
        self._note(STARTING)

    def _note_not_started(self, error: OSError) -> None:
        restart_in_s = self._restart.put_off(0.0)
        self._log.error("redis.not_started", reason=error.strerror, restart_in_s=restart_in_s)
        self._note(REDIS_DOWN, reason=error.strerror or "")

    def _tell(self) -> None:
        if self._link is None:
            return
        if self._settings is None:
            self._is_ending = self._is_told = self._link.send(END)
        else:
            self._is_told = self._link.send(SETTINGS, **asdict(self._settings))

    def hear(self) -> None:
        """Take in what the keeper says."""
        if self._link is None:
            return
        for message in self._link.receive():
            self._take(message)

    def _take(self, message: Message) -> None:
        content = {name: value for name, value in message.items() if name != KIND}
        match message[KIND]:
            case kind if kind == STARTING:
                self._note(kind, pid=content["pid"])
            case kind if kind == LOADING:
                self._log.info("redis.loading", **content)
                self._note(kind, pid=content["pid"])
            case kind if kind == SERVING:
                self._log.info("redis.started", **content)
                self._note(kind, pid=content["pid"])
            case kind if kind == DIED:
                self.restarts += 1
                self._log.error("redis.died", **content)
                self._note(REDIS_DOWN, reason=content["reason"] or f"it ended with status {content['status']}")
            case kind if kind == NOT_STARTED:
                self._log.error("redis.not_started", **content)
                self._note(REDIS_DOWN, reason=content["reason"])

    def _note(self, state: str, *, pid: int = 0, reason: str = "") -> None:
        self._state, self._server = state, pid
        self._since_s = time.time()
        self._reason = reason or self._reason

    def bury(self, pid: int, status: int) -> bool:
        """Take note that a child has ended; False where it was not the keeper."""
        if pid != self._pid:
            return False
        self.hear()
        self._let_go()
        if self._is_ending:
            self._log.info("redis.stopped")
            return True
        self.restarts += 1
        delay_s = self._restart.put_off(self._monotonic() - self._started_s)
        self._log.error("redis.keeper_died", pid=pid, status=status, restart_in_s=delay_s)
        self._note(REDIS_DOWN, reason=f"its keeper ended with status {status}")
        return True

    def _let_go(self) -> None:
        if self._link is not None:
            self._link.close()
        self._pid, self._link = None, None

    def end(self, timeout_s: float = _END_TIMEOUT_S) -> None:
        """End the server and its keeper in bounded time; nobody needs them any more."""
        if self._pid is None or self._link is None:
            return
        self._link.send(END)
        if ends_within(self._pid, timeout_s, monotonic=self._monotonic):
            self._log.info("redis.stopped")
        else:
            self._log.error("redis.killed", pid=self._pid, reason="not ended in time")
            # The server dies with it.
            kill(self._pid)
        self.hear()
        os.waitpid(self._pid, 0)
        self._let_go()

    def links(self) -> list[Link]:
        """The ends to poll, which no other child may hold open."""
        return [self._link] if self._link is not None and self._link.is_open else []

    def status(self) -> RedisStatus | None:
        """For the status file."""
        if self._settings is None:
            return None
        return RedisStatus(
            state=self._state, pid=self._server, since_s=self._since_s, restarts=self.restarts, reason=self._reason
        )
