# SPDX-License-Identifier: GPL-3.0-or-later
"""The process between the supervisor and its private Redis: starts it, asks whether it lives, starts it again."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.mta.lapses import Lapses
from postward.mta.link import KIND
from postward.mta.managed_redis.folder import FolderTaken, FolderUnusable
from postward.mta.managed_redis.probe import Probe
from postward.mta.managed_redis.server import RedisProcess
from postward.mta.managed_redis.settings import read_managed_redis
from postward.mta.restart import Restart
from postward.observability.background import BackOff

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.mta.link import Link, Message
    from postward.mta.managed_redis.settings import ManagedRedisSettings

SETTINGS, END = "settings", "end"
"""What the supervisor says."""
STARTING, LOADING, SERVING, DIED, NOT_STARTED = "starting", "loading", "serving", "died", "not_started"
"""What the keeper says."""

_TICK_S = 0.25
_SHORT_TICK_S = 0.02
_ASK_EVERY_S = 1.0
_TAKEN_BACK_OFF = BackOff(longest_s=1.0)
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a server may be silent before it counts as dead."""

    first_answer_s: float = 30.0
    """After its start; one that still reads its data answers too."""
    answer_s: float = 10.0
    end_s: float = 3.0
    """After it was asked to end."""


def run_keeper(link: Link, settings: ManagedRedisSettings, supervisor: int) -> int:
    """Body of a keeper process, with no threads; returns the exit status.

    ``supervisor``: the process id of the parent, with which this process and the server end.
    """
    # Out of the terminal's way; and without a supervisor, nobody would ever end the server.
    os.setpgid(0, 0)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return Keeper(link, settings).run() if os.getppid() == supervisor else 0


class Keeper:
    """Keeps one server at a time."""

    def __init__(
        self,
        link: Link,
        settings: ManagedRedisSettings,
        *,
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._link = link
        self._settings = settings
        self._patience = patience or Patience()
        self._monotonic = monotonic
        self._lapses = Lapses(monotonic)
        self._probe = Probe(settings.socket)
        self._server: RedisProcess | None = None
        self._restart = Restart(monotonic)
        self._wait_for_other = Restart(monotonic, _TAKEN_BACK_OFF)
        self._state = ""
        self._reason = ""
        self._started_s = self._heard_s = self._asked_s = 0.0
        self._is_ending = False

    def run(self) -> int:
        """Keep a server until told to end, or until the supervisor lets go."""
        while not self._is_ending:
            lost_s = self._lapses.lost_s()
            self._keep(lost_s)
            self._wait()
            for message in self._link.receive():
                self._obey(message)
            self._is_ending = self._is_ending or not self._link.is_open
        self._end_server()
        return 0

    def _wait(self) -> None:
        heard_on = [one for one in (self._link, self._server, self._probe) if one is not None and one.fileno() >= 0]
        select.select(heard_on, [], [], _SHORT_TICK_S if self._state == STARTING else _TICK_S)

    def _obey(self, message: Message) -> None:
        if message[KIND] == END:
            self._is_ending = True
            return
        settings = read_managed_redis({name: value for name, value in message.items() if name != KIND})
        if settings is None or settings == self._settings:
            return
        if (settings.program, settings.socket) != (self._settings.program, self._settings.socket):
            self._end_server()
            self._probe = Probe(settings.socket)
            self._restart = Restart(self._monotonic)
        self._settings = settings
        if self._server is not None:
            self._set_memory()

    def _keep(self, lost_s: float) -> None:
        if self._server is None:
            if self._restart.is_due and self._wait_for_other.is_due:
                self._start()
            return
        self._server.listen()
        status = self._server.ended()
        if status is None:
            self._heard_s += lost_s
            self._question(self._server)
        else:
            self._bury(self._server, status)

    def _start(self) -> None:
        try:
            self._server = RedisProcess(self._settings)
        except FolderTaken as taken:
            self._wait_for_other.put_off(0.0)
            self._say_not_started(str(taken))
        except FolderUnusable as unusable:
            self._restart.put_off(0.0)
            self._say_not_started(str(unusable))
        except OSError as error:
            self._restart.put_off(0.0)
            self._say_not_started(f"{self._settings.program}: {error.strerror}")
        else:
            self._wait_for_other = Restart(self._monotonic, _TAKEN_BACK_OFF)
            self._started_s = self._heard_s = self._monotonic()
            self._reason = ""
            self._say(STARTING, pid=self._server.pid)

    def _question(self, server: RedisProcess) -> None:
        now_s = self._monotonic()
        answers = self._probe.answers()
        if answers:
            self._heard_s = now_s
            self._take(answers[-1], server, now_s)
        if self._state == STARTING or now_s - self._asked_s >= _ASK_EVERY_S:
            self._asked_s = now_s
            self._probe.ask()
        limit_s = self._patience.first_answer_s if self._state == STARTING else self._patience.answer_s
        if now_s - self._heard_s > limit_s:
            self._reason = f"gave no answer for {limit_s:g} s"
            server.kill()

    def _take(self, answer: bytes, server: RedisProcess, now_s: float) -> None:
        state = LOADING if answer.startswith(b"-LOADING") else SERVING
        if state != self._state:
            if state == SERVING:
                server.forget_words()
            self._say(state, pid=server.pid, after_s=round(now_s - self._started_s, 3))
            # Told otherwise while it started, it did not hear of it.
            self._set_memory()

    def _set_memory(self) -> None:
        self._probe.tell(f"CONFIG SET maxmemory {self._settings.max_memory_mb}mb\r\n".encode())

    def _bury(self, server: RedisProcess, status: int) -> None:
        delay_s = self._restart.put_off(self._monotonic() - self._started_s)
        reason = self._reason or server.last_words
        self._let_go()
        self._say(DIED, pid=server.pid, status=status, reason=reason, restart_in_s=delay_s)

    def _end_server(self) -> None:
        """End the server in bounded time: what it has not written out by then is lost."""
        server = self._server
        if server is None:
            return
        server.terminate()
        until_s = self._monotonic() + self._patience.end_s
        while server.ended() is None:
            if self._monotonic() >= until_s:
                server.kill()
            select.select([server], [], [], _SHORT_TICK_S)
            server.listen()
        self._let_go()

    def _let_go(self) -> None:
        self._probe.close()
        self._server = None
        self._reason = ""

    def _say(self, state: str, **content: object) -> None:
        self._state = state
        self._link.send(state, **content)

    def _say_not_started(self, reason: str) -> None:
        if (self._state, self._reason) != (NOT_STARTED, reason):
            self._reason = reason
            self._say(NOT_STARTED, reason=reason)
