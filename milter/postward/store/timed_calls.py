"""Calls to Redis for which nobody waits longer than agreed, whatever the server does."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from postward.errors import TemporaryFailure
from postward.store.broken import BROKEN

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")


class RedisSilent(TemporaryFailure):
    """Redis gave no answer in time, or none of use; the text is the server's or the system's, without any key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBounds:
    """How long Redis may take."""

    wait_s: float = 0.15
    """After this long whoever asked has no answer."""
    hold_s: float = 2.0
    """A thread is held no longer by a server that does not answer, or answers a byte now and then."""
    pass_over_s: float = 2.0
    """So long nobody asks after a call that was not answered in time; then one does."""
    threads: int = 4


DEFAULT_BOUNDS = CallBounds()


class _Runnable(Protocol):
    def run(self, client: redis.Redis) -> None: ...


@dataclass(frozen=True, slots=True)
class _Job(Generic[_Answer]):
    call: Callable[[redis.Redis], _Answer]
    future: Future[_Answer]

    def run(self, client: redis.Redis) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.call(client))
        except RedisSilent as error:
            self.future.set_exception(error)
        except BROKEN as error:
            self.future.set_exception(RedisSilent(_words(error)))
        finally:
            # What nobody foresaw ends the thread, and Python tells it; nobody need wait for the time-out.
            if not self.future.done():
                self.future.set_exception(RedisSilent("failed in a way that nobody foresaw"))


class _Lane:
    """One thread's connection, and since when the thread waits for an answer."""

    def __init__(self, url: str, hold_s: float) -> None:
        self.client = redis.Redis.from_url(
            url,
            socket_timeout=hold_s,
            socket_connect_timeout=hold_s,
            # The first is taken again and again; a second would be a leak.
            max_connections=1,
            # What was sent may have been done: a second try would do it twice.
            retry=Retry(NoBackoff(), 0),
        )
        self.since_s: float | None = None

    def cut(self) -> None:
        """Have the thread that waits fail; it connects again when it is next asked."""
        self.client.connection_pool.disconnect(inuse_connections=True)


class TimedCalls:
    """Made after a fork: neither threads nor connections survive one.  Safe from every thread.

    The time-outs of redis-py bound one read each, so a server that sends a byte now and then could hold a caller for
    ever: calls run on daemon threads, and the wait for them is given up.
    """

    def __init__(
        self,
        url: str,
        bounds: CallBounds = DEFAULT_BOUNDS,
        *,
        prepare: Callable[[redis.Redis], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Each thread connects at once and calls ``prepare``, so that no message waits for that."""
        self._bounds = bounds
        self._clock = clock
        self._jobs: deque[_Runnable] = deque()
        self._condition = threading.Condition()
        self._closed = False
        self._pass_over_until_s: float | None = None
        self._lanes = [_Lane(url, bounds.hold_s) for _ in range(bounds.threads)]
        for lane in self._lanes:
            threading.Thread(target=self._work, args=(lane, prepare), name="redis", daemon=True).start()

    def call(self, call: Callable[[redis.Redis], _Answer]) -> _Answer:
        """Have a thread call it; raises RedisSilent after ``wait_s`` at the latest."""
        job = _Job(call, Future())
        with self._condition:
            self._let_through()
            self._cut_those_held()
            self._jobs.append(job)
            self._condition.notify()
        try:
            answer = job.future.result(self._bounds.wait_s)
        except TimeoutError:
            job.future.cancel()
            self._end_trial(self._clock() + self._bounds.pass_over_s)
            raise RedisSilent("did not answer in time") from None
        except RedisSilent:
            # A refusal costs nobody any time.
            self._end_trial(None)
            raise
        self._end_trial(None)
        return answer

    def close(self) -> None:
        """End the threads and connections; calls after that raise RedisSilent."""
        with self._condition:
            self._closed = True
            self._jobs.clear()
            self._condition.notify_all()
        for lane in self._lanes:
            lane.cut()

    def _let_through(self) -> None:
        if self._closed:
            raise RedisSilent("closed")
        if self._pass_over_until_s is None:
            return
        if self._clock() < self._pass_over_until_s:
            raise RedisSilent("is passed over, for it did not answer in time")
        # One goes ahead, and those behind it wait for as long again.
        self._pass_over_until_s = self._clock() + self._bounds.pass_over_s

    def _end_trial(self, pass_over_until_s: float | None) -> None:
        with self._condition:
            self._pass_over_until_s = pass_over_until_s

    def _cut_those_held(self) -> None:
        for lane in self._lanes:
            since_s = lane.since_s
            if since_s is not None and self._clock() - since_s > self._bounds.hold_s:
                lane.cut()

    def _work(self, lane: _Lane, prepare: Callable[[redis.Redis], object]) -> None:
        lane.since_s = self._clock()
        first: _Job[object] = _Job(prepare, Future())
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


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error)[:200].split())}"
