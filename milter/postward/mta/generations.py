# SPDX-License-Identifier: GPL-3.0-or-later
"""The generations as the supervisor sees them: one that loads, one that counts, and those that retire."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.mta.fork import fork, is_child, kill
from postward.mta.generation import Generation
from postward.mta.lapses import Lapses
from postward.mta.leader import BAD_CONFIGURATION, run_leader
from postward.mta.link import open_link
from postward.mta.status import ReloadStatus

if TYPE_CHECKING:
    from postward.mta.collecting import Collecting
    from postward.mta.engine import GenerationLoader
    from postward.mta.fork import Closable
    from postward.mta.link import Link
    from postward.mta.listening import Listener
    from postward.mta.managed_redis.keeping import RedisKeeping
    from postward.observability.logger import EventLog

_LEADER_TIMEOUT_S = 20.0


class Generations:
    """Brings new generations up aside, and lets the old retire only when the new one serves."""

    def __init__(
        self,
        listener: Listener,
        load: GenerationLoader,
        collecting: Collecting,
        redis: RedisKeeping,
        log: EventLog,
        *,
        load_timeout_s: float,
    ) -> None:
        """``load_timeout_s``: how long a configuration may take to load."""
        self._load_timeout_s = load_timeout_s
        self._lapses = Lapses(time.monotonic)
        self._listener = listener
        self._load = load
        self._collecting = collecting
        self._redis = redis
        self._log = log
        self._number = 0
        self.incoming: Generation | None = None
        self.current: Generation | None = None
        self.retiring: list[Generation] = []
        self.orphans: set[int] = set()
        """Workers whose leader has died: they retire by themselves, and are ours to wait for."""
        self.loads = 0
        self.last_load: ReloadStatus | None = None
        self.refusals = 0
        """Generations that were to replace a serving one, and were not good."""
        self.serving_since_s: float | None = None
        """Unix time at which the configuration in use was taken into use."""
        self.last_exit = 0
        """Exit status of the leader that failed last."""

    @property
    def all(self) -> list[Generation]:
        """The one that counts first, then the one that loads, then the retiring."""
        return [one for one in (self.current, self.incoming, *self.retiring) if one is not None]

    @property
    def is_healthy(self) -> bool:
        """Messages are being served."""
        current = self.current
        return current is not None and current.is_healthy and not current.is_silent_for(_LEADER_TIMEOUT_S)

    def start(self) -> None:
        """Begin to bring up a new generation, which is refused at once where that cannot even be begun."""
        self._number += 1
        try:
            self.incoming = self._fork_leader()
        except OSError as error:
            self._note_refusal(self._number, [f"no leader can be started: {error.strerror}"], what="start")
        else:
            self._log.info("generation.loading", number=self._number, pid=self.incoming.pid)

    def _fork_leader(self) -> Generation:
        mine, theirs = open_link()
        others: list[Closable] = [
            mine,
            *(one.link for one in self.all),
            *self._redis.links(),
            self._collecting.receiving,
        ]
        channel = self._collecting.sending
        try:
            pid = fork(lambda: run_leader(theirs, self._listener, self._load, self._log, channel=channel), close=others)
        except OSError:
            mine.close()
            raise
        finally:
            theirs.close()
        return Generation(number=self._number, pid=pid, link=mine, heard_s=time.monotonic())

    def hear(self) -> None:
        """Take in what the leaders say, and promote the new generation once it serves."""
        for one in self.all:
            for message in one.link.receive():
                one.take(message)
        if self.incoming is not None and self.incoming.is_ready:
            self._promote(self.incoming)
        elif self.incoming is not None and self.incoming.is_loaded and self.current is None:
            self._begin_early(self.incoming)
        self._watch()

    def _begin_early(self, only: Generation) -> None:
        """Let Redis come up while the workers do, for there is nobody else whom it could disturb."""
        if only.collector is not None:
            self._log.adopt(only.collector.log)
        self._redis.configure(only.managed_redis)

    def _watch(self) -> None:
        """Kill leaders that hang."""
        lost_s = self._lapses.lost_s()
        for one in self.all:
            one.heard_s += lost_s
            limit_s = _LEADER_TIMEOUT_S if one.is_loaded else self._load_timeout_s
            if one.is_silent_for(limit_s):
                reason = "not heard of" if one.is_loaded else f"the configuration was not loaded within {limit_s:g} s"
                one.errors = [reason]
                self._log.error("leader.killed", pid=one.pid, reason=reason)
                kill(one.pid)

    def _promote(self, new: Generation) -> None:
        if self.current is not None:
            self.current.retire()
            self.retiring.append(self.current)
        self.current, self.incoming = new, None
        self.serving_since_s = time.time()
        if new.collector is not None:
            self._log.adopt(new.collector.log)
            self._collecting.configure(new.collector)
        self._redis.configure(new.managed_redis)
        self._note_load(errors=[])
        self._log.info("generation.ready", number=new.number, pid=new.pid)

    def bury(self, pid: int, status: int) -> None:
        """Take note that a child has ended, whichever it was."""
        self.orphans.discard(pid)
        ended = next((one for one in self.all if one.pid == pid), None)
        if ended is None:
            return
        for message in ended.link.receive():
            ended.take(message)
        ended.link.close()
        self.orphans.update(worker["pid"] for worker in ended.workers if is_child(worker["pid"]))
        if ended is self.incoming:
            self.incoming = None
            self._refuse(ended, status)
        elif ended is self.current:
            self.current = None
        else:
            self.retiring.remove(ended)
        if ended.is_retiring:
            self._log.info("generation.retired", number=ended.number, status=status)
        elif ended.is_ready:
            self._log.error("leader.died", number=ended.number, pid=pid, status=status)

    def _refuse(self, one: Generation, status: int) -> None:
        self.last_exit = status
        if not one.is_retiring:
            errors = one.errors or [f"the new generation's leader ended with status {status}"]
            what = "configuration" if status == BAD_CONFIGURATION else "start"
            self._note_refusal(one.number, errors, what=what)

    def _note_refusal(self, number: int, errors: list[str], *, what: str) -> None:
        if self.current is not None:
            self.refusals += 1
        self._note_load(errors=errors)
        self._log.error("generation.refused", number=number, what=what, errors=errors)

    def _note_load(self, *, errors: list[str]) -> None:
        self.loads += 1
        self.last_load = ReloadStatus(time_s=time.time(), is_good=not errors, errors=errors)

    def retire(self) -> None:
        """Retire all of them."""
        for one in self.all:
            if not one.is_retiring:
                one.retire()

    def links(self) -> list[Link]:
        """The ends to poll."""
        return [one.link for one in self.all if one.link.is_open]
