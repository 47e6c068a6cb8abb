# SPDX-License-Identifier: GPL-3.0-or-later
"""A source that nobody waits for longer than agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from postward.directory.breaker import Breaker
from postward.directory.source import Source, SourceFailure, SourceTimeout
from postward.directory.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.directory.settings import LookUpSettings

_Answer = TypeVar("_Answer")


class GuardedSource:
    """Asks a source on threads of its own, gives up in time, and passes it over for a while after that."""

    def __init__(
        self,
        source: Source,
        settings: LookUpSettings,
        *,
        clock: Callable[[], float],
        on_failure: Callable[[str, SourceFailure], None],
    ) -> None:
        self._source = source
        self._clock = clock
        self._pass_over_s = settings.pass_over_s
        self._reported_s: dict[type[SourceFailure], float] = {}
        self._on_failure = on_failure
        self._breaker = Breaker(pass_over_s=settings.pass_over_s, clock=clock)
        self._workers = Workers(f"directory-{source.name}", settings.threads, source.close)

    @property
    def is_immediate(self) -> bool:
        """It answers from memory, on any thread."""
        return self._source.is_immediate

    def ask(self, question: Callable[[Source], _Answer], deadline_s: float) -> _Answer:
        """Ask it; raises SourceFailure.  Nothing is reported for those who are passed over."""
        if self._source.is_immediate:
            return question(self._source)
        if deadline_s <= self._clock():
            # Others took all of the time; that this one could not answer in none says nothing of it.
            raise SourceTimeout("could not be asked in time")
        if not self._breaker.lets_through():
            raise SourceTimeout("is passed over, for it did not answer in time")
        try:
            answer = self._wait(question, deadline_s)
        except SourceTimeout as error:
            self._breaker.timed_out()
            self._report(error)
            raise
        except SourceFailure as error:
            self._breaker.answered()
            self._report(error)
            raise
        self._breaker.answered()
        return answer

    def _report(self, failure: SourceFailure) -> None:
        """Once in ``pass_over_s`` for each kind: a source that is down would fill a log with every message."""
        now_s = self._clock()
        last_s = self._reported_s.get(type(failure))
        if last_s is None or now_s - last_s >= self._pass_over_s:
            self._reported_s[type(failure)] = now_s
            self._on_failure(self._source.name, failure)

    def close(self) -> None:
        """Take no more questions, and end the source's connections."""
        self._workers.close()
        self._source.close()

    def _wait(self, question: Callable[[Source], _Answer], deadline_s: float) -> _Answer:
        future = self._workers.submit(lambda: question(self._source))
        try:
            return future.result(max(deadline_s - self._clock(), 0.0))
        except TimeoutError:
            future.cancel()
            raise SourceTimeout("did not answer in time") from None
