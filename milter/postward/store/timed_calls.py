# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls to Redis for which nobody waits longer than agreed, whatever the server does."""

from __future__ import annotations

import math
import random
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from postward.errors import TemporaryFailure
from postward.model.redis_target import RedisKind
from postward.store.breaker import Breaker, Pauses, Turn
from postward.store.broken import BROKEN
from postward.store.clients import open_client
from postward.store.patience import TooLate, waited
from postward.store.readers import Readers, Stale
from postward.store.redis_failure import FailureKind, failure_kind, failure_words
from postward.store.spending import present_budget
from postward.store.wire import exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.redis_target import RedisTarget
    from postward.store.clients import Client
    from postward.store.wire import Command

_Answer = TypeVar("_Answer")
_LATE = "did not answer in time"
_LEAST_S = 0.005
"""With less than that left nobody asks."""


class RedisSilent(TemporaryFailure):
    """Redis gave no answer in time, or none of use; the text is the server's or the system's, without any key."""

    def __init__(
        self, words: str, kind: FailureKind | None = None, *, is_unsent: bool = False, is_busy: bool = False
    ) -> None:
        """``kind`` is None where it is not the server that failed."""
        super().__init__(words)
        self.kind = kind
        self.is_unsent = is_unsent
        """Certainly nothing was sent: it may be sent later, and is not done twice then."""
        self.is_busy = is_busy
        """It has answered others meanwhile, or this host had no time for the answer: it may come a little later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBounds:
    """How long Redis may take."""

    wait_s: float = 0.15
    """After this long whoever asked has no answer."""
    hold_s: float = 2.0
    """A thread is held no longer by a server that does not answer, or answers a byte now and then."""
    starved_s: float = 0.05
    """Whoever is woken up so much late in all was kept waiting by this host: that says nothing of Redis."""
    pauses: Pauses = field(default_factory=Pauses)
    """For how long nobody asks after a call that was not answered in time, or several that failed otherwise."""
    threads: int = 4
    readers: int = 4
    """Connections more, on which whoever asks reads the answer himself; 0 for none."""


DEFAULT_BOUNDS = CallBounds()


class RedisWatcher(Protocol):
    """Is told how Redis fares, on the thread of whoever asked; must not fail."""

    def failed(self, kind: FailureKind) -> None:
        """Note a call that failed."""
        ...

    def passed_over(self, words: str, pause_s: float) -> None:
        """Note that nobody asks for a while."""
        ...

    def answers(self) -> None:
        """Note that it is asked again by all."""
        ...


class _Unwatched:
    """A watcher that nobody wants."""

    def failed(self, kind: FailureKind) -> None: ...

    def passed_over(self, words: str, pause_s: float) -> None: ...

    def answers(self) -> None: ...


class _Runnable(Protocol):
    def run(self, client: Client) -> None: ...


@dataclass(frozen=True, slots=True)
class _Job(Generic[_Answer]):
    call: Callable[[Client], _Answer]
    future: Future[_Answer]

    def run(self, client: Client) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.call(client))
        except RedisSilent as error:
            self.future.set_exception(error)
        except BROKEN as error:
            self.future.set_exception(RedisSilent(_words(error), failure_kind(error)))
        finally:
            # What nobody foresaw ends the thread, and Python tells it; nobody need wait for the time-out.
            if not self.future.done():
                self.future.set_exception(RedisSilent("failed in a way that nobody foresaw", FailureKind.NONSENSE))


class _Lane:
    """One thread's client, and since when the thread waits for an answer."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.since_s: float | None = None


class TimedCalls:
    """All that one process asks of one Redis.  Safe from every thread.

    Made after a fork: neither threads nor connections survive one.  The time-outs of redis-py bound one read each, so a
    server that sends a byte now and then could hold a caller for ever: calls run on daemon threads, and the wait for
    them is given up.
    """

    def __init__(
        self,
        target: RedisTarget,
        bounds: CallBounds = DEFAULT_BOUNDS,
        *,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        watcher: RedisWatcher | None = None,
    ) -> None:
        """Each thread connects at once, so that no message waits for that.

        ``clock`` measures how long Redis is passed over; ``jitter`` gives numbers from 0 to 1.
        """
        self._bounds = bounds
        self._clock = clock
        self._watcher: RedisWatcher = watcher or _Unwatched()
        self._breaker = Breaker(bounds.pauses, clock=clock, jitter=jitter)
        self._reason = ""
        self._answered_s = -math.inf
        self._silent_since_s = math.inf
        self._scripts: tuple[str, ...] = ()
        self._jobs: deque[_Runnable] = deque()
        self._condition = threading.Condition()
        self._closed = False
        self._lanes = [
            _Lane(open_client(target, timeout_s=bounds.hold_s, connections=1)) for _ in range(bounds.threads)
        ]
        # Of a cluster it is not known before which server has what.
        self.is_cluster = target.kind is RedisKind.CLUSTER
        readers = 0 if self.is_cluster else bounds.readers
        self._readers = Readers(open_client(target, timeout_s=bounds.hold_s, connections=1) for _ in range(readers))
        self._to_wake = readers
        """So many connect when there is nothing else to do."""
        for lane in self._lanes:
            threading.Thread(target=self._work, args=(lane,), name="redis", daemon=True).start()

    @property
    def is_open(self) -> bool:
        """Whether Redis is passed over now, for it did not answer."""
        return self._breaker.is_open

    def has_answered(self, within_s: float) -> bool:
        """Whether Redis has answered anybody so lately, and is not passed over: it lives, and is only slow or busy."""
        return not self.is_open and time.perf_counter() - self._answered_s < within_s

    def is_silent_for(self, seconds: float) -> bool:
        """Whether Redis has been passed over for so long."""
        return time.perf_counter() - self._silent_since_s >= seconds

    def prepare(self, script: str) -> None:
        """Have the servers know a script before it is called; nobody waits for that, and it may fail.

        Whoever calls it by its SHA still has to send it where the answer is NOSCRIPT.
        """
        with self._condition:
            self._scripts = (*self._scripts, script)
            if not self._closed:
                self._jobs.append(_Job(lambda client: _load(client, (script,)), Future()))
                self._condition.notify()

    def call(self, call: Callable[[Client], _Answer], *, wait_s: float | None = None, insists: bool = False) -> _Answer:
        """Have a thread call it, and wait for ``wait_s`` (None: that of the bounds), or what the budget has left.

        ``insists`` asks also a Redis that is passed over.  Raises RedisSilent.  What was waited is spent of the budget
        of this thread (``store.spending``).
        """
        return self._bounded(lambda _turn, allowed_s: self._by_thread(call, allowed_s), wait_s, insists=insists)

    def ask(
        self,
        commands: Sequence[Command],
        understand: Callable[[list[object]], _Answer],
        *,
        wait_s: float | None = None,
    ) -> _Answer:
        """Have commands answered that change nothing, in one round trip, and on this thread where that can be.

        They may be sent twice.  The same bounds and errors as of ``call``.  ``understand`` gets the answers, among
        which may be exceptions (``store.wire.exchange``), and may raise what ``store.broken.BROKEN`` has.
        """
        return self._bounded(lambda turn, allowed_s: self._by_reader(commands, understand, turn, allowed_s), wait_s)

    def _bounded(
        self, ask: Callable[[Turn, float], _Answer], wait_s: float | None, *, insists: bool = False
    ) -> _Answer:
        longest_s = self._bounds.wait_s if wait_s is None else wait_s
        budget = present_budget()
        allowed_s = longest_s if budget is None else min(longest_s, budget.left_s)
        if allowed_s < _LEAST_S:
            raise RedisSilent("was not asked, for the time for this message is used up", is_unsent=True)
        turn = self._admit(insists=insists)
        started_s = time.perf_counter()
        try:
            answer = ask(turn, allowed_s)
        except TooLate as late:
            is_busy = late.overslept_s > self._bounds.starved_s or self._answered_s > started_s
            # Whoever had little time left says little about the server.
            is_silent = allowed_s >= longest_s / 2 and not is_busy
            self._note_failure(turn, FailureKind.TIMEOUT, _LATE, at_once=is_silent)
            raise RedisSilent(_LATE, FailureKind.TIMEOUT, is_unsent=late.is_unsent, is_busy=is_busy) from None
        except RedisSilent as error:
            if error.kind is None:
                # It is about one key or one command: the server answers.
                self._note_answer()
            else:
                self._note_failure(turn, error.kind, str(error), at_once=error.kind is FailureKind.TIMEOUT)
            raise
        finally:
            if budget is not None:
                budget.spend(time.perf_counter() - started_s)
        self._note_answer(took_s=time.perf_counter() - started_s)
        return answer

    def _by_thread(self, call: Callable[[Client], _Answer], allowed_s: float) -> _Answer:
        job = _Job(call, Future())
        self._put(job)
        return waited(job.future, allowed_s)

    def _by_reader(
        self,
        commands: Sequence[Command],
        understand: Callable[[list[object]], _Answer],
        turn: Turn,
        allowed_s: float,
    ) -> _Answer:
        """Ask on this thread, or have a thread ask that may connect first."""
        started_s = time.perf_counter()
        reader = self._readers.take() if turn is Turn.ASK else None
        if reader is not None:
            is_well = False
            try:
                answers = reader.ask(commands, allowed_s)
                is_well = True
                return understand(answers)
            except Stale:
                allowed_s -= time.perf_counter() - started_s
            except BROKEN as error:
                raise RedisSilent(_words(error), failure_kind(error)) from None
            finally:
                (self._readers.give_back if is_well else self._readers.rest)(reader)
        answer = self._by_thread(lambda client: understand(exchange(client, commands)), allowed_s)
        with self._condition:
            self._to_wake = self._readers.resting
            if self._to_wake:
                self._condition.notify()
        return answer

    def close(self) -> None:
        """End the threads and connections; calls after that raise RedisSilent."""
        with self._condition:
            self._closed = True
            self._jobs.clear()
            self._condition.notify_all()
        for lane in self._lanes:
            lane.client.cut()
        self._readers.close()

    def _admit(self, *, insists: bool) -> Turn:
        turn = self._breaker.take_turn()
        if turn is Turn.PASS_OVER and not insists:
            raise RedisSilent(f"is passed over, for it {self._reason}", is_unsent=True)
        return turn

    def _put(self, job: _Runnable) -> None:
        with self._condition:
            if self._closed:
                raise RedisSilent("closed", is_unsent=True)
            self._cut_those_held()
            self._jobs.append(job)
            self._condition.notify()

    def _note_failure(self, turn: Turn, kind: FailureKind, words: str, *, at_once: bool) -> None:
        self._watcher.failed(kind)
        if self._breaker.failed(turn, at_once=at_once):
            self._reason = _LATE if kind is FailureKind.TIMEOUT else f"failed ({words})"
            self._silent_since_s = min(self._silent_since_s, time.perf_counter())
            self._watcher.passed_over(words, self._breaker.pause_s)

    def _note_answer(self, took_s: float = 0.0) -> None:
        self._silent_since_s = math.inf
        if took_s <= self._bounds.wait_s:
            # One that sends a byte now and then answers too, and nobody is to wait for it any longer because of that.
            self._answered_s = time.perf_counter()
        if self._breaker.succeeded():
            self._watcher.answers()

    def _cut_those_held(self) -> None:
        for lane in self._lanes:
            since_s = lane.since_s
            if since_s is not None and self._clock() - since_s > self._bounds.hold_s:
                lane.client.cut()
                self._readers.cut_waking()

    def _work(self, lane: _Lane) -> None:
        lane.since_s = self._clock()
        first: _Job[None] = _Job(lambda client: _load(client, self._scripts), Future())
        first.run(lane.client)
        while (job := self._next(lane)) is not None:
            job.run(lane.client)
        lane.client.close()

    def _next(self, lane: _Lane) -> _Runnable | None:
        lane.since_s = None
        with self._condition:
            while not self._jobs and not self._to_wake and not self._closed:
                self._condition.wait()
            lane.since_s = self._clock()
            if self._jobs or self._closed:
                return self._jobs.popleft() if self._jobs else None
            self._to_wake -= 1
        return _Job(lambda _client: self._readers.wake(), Future())


def _load(client: Client, scripts: tuple[str, ...]) -> None:
    for master in client.masters():
        master.execute_command("PING")
        for script in scripts:
            master.execute_command("SCRIPT LOAD", script)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {failure_words(error)[:200]}"
