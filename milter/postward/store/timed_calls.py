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
from postward.store.breaker import Breaker, Pauses, Turn
from postward.store.broken import BROKEN
from postward.store.clients import open_client
from postward.store.redis_failure import FailureKind, failure_kind
from postward.store.spending import present_budget

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.redis_target import RedisTarget
    from postward.store.clients import Client

_Answer = TypeVar("_Answer")
_LATE = "did not answer in time"
_LEAST_S = 0.005
"""With less than that left nobody asks."""
_SLICE_S = 0.03
"""Whoever waits wakes up so often, to find out whether it is this host that is slow."""


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
        longest_s = self._bounds.wait_s if wait_s is None else wait_s
        budget = present_budget()
        allowed_s = longest_s if budget is None else min(longest_s, budget.left_s)
        if allowed_s < _LEAST_S:
            raise RedisSilent("was not asked, for the time for this message is used up", is_unsent=True)
        job = _Job(call, Future())
        turn = self._admit(job, insists=insists)
        started_s = time.perf_counter()
        try:
            answer = _waited(job.future, allowed_s)
        except _TooLate as late:
            is_unsent = job.future.cancel()
            is_busy = late.overslept_s > self._bounds.starved_s or self._answered_s > started_s
            # Whoever had little time left says little about the server.
            is_silent = allowed_s >= longest_s / 2 and not is_busy
            self._note_failure(turn, FailureKind.TIMEOUT, _LATE, at_once=is_silent)
            raise RedisSilent(_LATE, FailureKind.TIMEOUT, is_unsent=is_unsent, is_busy=is_busy) from None
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

    def close(self) -> None:
        """End the threads and connections; calls after that raise RedisSilent."""
        with self._condition:
            self._closed = True
            self._jobs.clear()
            self._condition.notify_all()
        for lane in self._lanes:
            lane.client.cut()

    def _admit(self, job: _Runnable, *, insists: bool) -> Turn:
        with self._condition:
            if self._closed:
                raise RedisSilent("closed", is_unsent=True)
            turn = self._breaker.take_turn()
            if turn is Turn.PASS_OVER and not insists:
                raise RedisSilent(f"is passed over, for it {self._reason}", is_unsent=True)
            self._cut_those_held()
            self._jobs.append(job)
            self._condition.notify()
        return turn

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
            while not self._jobs and not self._closed:
                self._condition.wait()
            lane.since_s = self._clock()
            return self._jobs.popleft() if self._jobs else None


class _TooLate(Exception):
    def __init__(self, overslept_s: float) -> None:
        super().__init__()
        self.overslept_s = overslept_s


def _waited(future: Future[_Answer], allowed_s: float) -> _Answer:
    """Wait for an answer; raises _TooLate."""
    started_s = before_s = time.perf_counter()
    overslept_s = 0.0
    while (left_s := allowed_s - (before_s - started_s)) > 0:
        slice_s = min(_SLICE_S, left_s)
        try:
            return future.result(slice_s)
        except TimeoutError:
            after_s = time.perf_counter()
            overslept_s += after_s - before_s - slice_s
            before_s = after_s
    raise _TooLate(overslept_s)


def _load(client: Client, scripts: tuple[str, ...]) -> None:
    for master in client.masters():
        master.execute_command("PING")
        for script in scripts:
            master.execute_command("SCRIPT LOAD", script)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error)[:200].split())}"
