# SPDX-License-Identifier: GPL-3.0-or-later
"""All people with a name: asked for by one at a time, behind whom nobody waits longer than for any other question."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from postward.directory.guard import GuardedSource
from postward.directory.memory import Memory
from postward.directory.profile_answers import merged_people
from postward.directory.source import SourceFailure
from postward.directory.workers import Workers
from postward.errors import DirectoryUnavailable
from postward.model.not_remembered import NOT_REMEMBERED, NotRemembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from postward.directory.counts import Counts
    from postward.directory.settings import LookUpSettings
    from postward.directory.source import Source
    from postward.model.profile import Person

_People = tuple["Person", ...]


class PeopleRegister:
    """Safe from every thread.

    So long an answer takes longer than others.  So it has threads, a time-out and a breaker of its own, goes on while
    those who asked have given up, and what is remembered serves while a new one is on its way.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        settings: LookUpSettings,
        *,
        clock: Callable[[], float],
        counts: Counts,
        on_failure: Callable[[str, SourceFailure], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._counts = counts
        self._sources = tuple(GuardedSource(source, settings, clock=clock, on_failure=on_failure) for source in sources)
        self._remembers = not all(source.is_immediate for source in sources)
        self._memory: Memory[None, _People] = Memory(most=1, stale_s=settings.stale_s, clock=clock)
        self._workers = Workers("directory-people", 1, lambda: None)
        self._flight: Future[_People] | None = None
        self._not_before_s = 0.0
        self._lock = threading.Lock()

    def recall(self) -> _People | NotRemembered:
        """What is remembered, if it is fresh; never waits for anybody."""
        if not self._remembers:
            return self._at_once()
        entry = self._memory.fresh(None)
        return NOT_REMEMBERED if entry is None else entry.value

    def ask(self, deadline_s: float) -> _People:
        """Everybody; as remembered where that is no longer fresh, and a new answer is then on its way.

        Raises DirectoryUnavailable.
        """
        if not self._remembers:
            return self._at_once()
        entry = self._memory.fresh(None)
        if entry is not None:
            self._counts.add("hits")
            return entry.value
        flight = self._begin()
        entry = self._memory.stale(None)
        if entry is not None:
            self._counts.add("stale")
            return entry.value
        return self._wait(flight, deadline_s)

    def close(self) -> None:
        """Ask nobody any more."""
        self._workers.close()
        for source in self._sources:
            source.close()

    def _at_once(self) -> _People:
        try:
            return self._gather()
        except SourceFailure as failure:
            raise DirectoryUnavailable(str(failure)) from failure

    def _wait(self, flight: Future[_People] | None, deadline_s: float) -> _People:
        try:
            if flight is not None:
                return flight.result(max(deadline_s - self._clock(), 0.0))
        except (SourceFailure, TimeoutError):
            pass
        self._counts.add("unavailable")
        raise DirectoryUnavailable("the directory did not say in time who its people are")

    def _begin(self) -> Future[_People] | None:
        """The question that is on its way, or a new one; None where the last has failed just now."""
        with self._lock:
            if self._flight is None and self._clock() >= self._not_before_s:
                self._counts.add("questions")
                self._flight = self._workers.submit(self._fetch)
            return self._flight

    def _fetch(self) -> _People:
        failed = True
        try:
            people = self._gather()
            self._memory.put(None, people, self._settings.positive_ttl_s)
            failed = False
            return people
        finally:
            with self._lock:
                self._flight = None
                self._not_before_s = self._clock() + (self._settings.pass_over_s if failed else 0.0)

    def _gather(self) -> _People:
        """Those of all sources; raises SourceFailure."""
        if len(self._sources) == 1:
            return self._people_of(self._sources[0])
        return merged_people(self._everybody())

    def _everybody(self) -> Iterator[Person]:
        for source in self._sources:
            yield from self._people_of(source)

    def _people_of(self, source: GuardedSource) -> _People:
        return source.ask(lambda source: source.people(), self._clock() + self._settings.people_timeout_s)
