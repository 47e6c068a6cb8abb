# SPDX-License-Identifier: GPL-3.0-or-later
"""One kind of question: remembered, and asked once whoever asks at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from postward.directory.memory import Key, Memory, Value
from postward.errors import DirectoryUnavailable
from postward.model.not_remembered import NOT_REMEMBERED, NotRemembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.directory.counts import Counts
    from postward.directory.settings import LookUpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry(Generic[Key, Value]):
    """How a question is put to the sources, and what its answers are worth."""

    ask: Callable[[Key, float], Value]
    """Takes the deadline by the clock, in seconds; raises DirectoryUnavailable."""
    is_positive: Callable[[Value], bool]
    """False for what is not there, which is remembered for a shorter time."""
    serves_stale: Callable[[Value], bool]
    """False for an answer on which mail would be refused: better put off than refused on old knowledge."""


class RegisterMaker:
    """Makes the registers of one directory, which have all but their questions in common."""

    def __init__(
        self, settings: LookUpSettings, *, remembers: bool, clock: Callable[[], float], counts: Counts
    ) -> None:
        self._settings = settings
        self._remembers = remembers
        self._clock = clock
        self._counts = counts

    def __call__(self, inquiry: Inquiry[Key, Value]) -> Register[Key, Value]:
        """Make one."""
        return Register(inquiry, self._settings, remembers=self._remembers, clock=self._clock, counts=self._counts)


class Register(Generic[Key, Value]):
    """Safe from every thread."""

    def __init__(
        self,
        inquiry: Inquiry[Key, Value],
        settings: LookUpSettings,
        *,
        remembers: bool,
        clock: Callable[[], float],
        counts: Counts,
    ) -> None:
        """Where it does not remember, every question goes to the sources, which then must be immediate."""
        self._inquiry = inquiry
        self._settings = settings
        self._remembers = remembers
        self._clock = clock
        self._counts = counts
        self._memory: Memory[Key, Value] = Memory(most=settings.cache_entries, stale_s=settings.stale_s, clock=clock)
        self._flights: dict[Key, Future[Value]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._memory)

    def recall(self, key: Key) -> Value | NotRemembered:
        """What is remembered and fresh; never waits for anybody."""
        if not self._remembers:
            return self._inquiry.ask(key, self._clock())
        entry = self._memory.fresh(key)
        if entry is None:
            return NOT_REMEMBERED
        self._counts.add("hits")
        return entry.value

    def ask(self, key: Key, deadline_s: float) -> Value:
        """Answer from memory, else from the sources, else from what is remembered from before.

        Raises DirectoryUnavailable.
        """
        if not self._remembers:
            return self._inquiry.ask(key, deadline_s)
        entry = self._memory.fresh(key)
        if entry is not None:
            self._counts.add("hits")
            return entry.value
        with self._lock:
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = Future()
        try:
            return self._lead(key, flight, deadline_s) if leads else self._follow(flight, deadline_s)
        except DirectoryUnavailable:
            return self._stale(key)

    def _lead(self, key: Key, flight: Future[Value], deadline_s: float) -> Value:
        self._counts.add("questions")
        try:
            value = self._inquiry.ask(key, deadline_s)
            positive = self._inquiry.is_positive(value)
            self._memory.put(key, value, self._settings.positive_ttl_s if positive else self._settings.negative_ttl_s)
            flight.set_result(value)
            return value
        finally:
            with self._lock:
                del self._flights[key]
            if not flight.done():
                flight.set_exception(DirectoryUnavailable("the directory did not answer"))

    def _follow(self, flight: Future[Value], deadline_s: float) -> Value:
        self._counts.add("joined")
        try:
            return flight.result(max(deadline_s - self._clock(), 0.0))
        except TimeoutError:
            raise DirectoryUnavailable("the directory did not answer in time") from None

    def _stale(self, key: Key) -> Value:
        entry = self._memory.stale(key)
        if entry is not None and self._inquiry.serves_stale(entry.value):
            self._counts.add("stale")
            return entry.value
        self._counts.add("unavailable")
        raise DirectoryUnavailable("the directory did not answer")
