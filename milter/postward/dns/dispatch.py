# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a question that the cache could not answer; all of it on the I/O thread."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.flights import Flight, Flights
from postward.dns.network.alarms import sooner
from postward.dns.statistics import DnsStatistics

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.cache import AnswerCache, Question
    from postward.dns.network.reply import Reply
    from postward.dns.network.routes import Network
    from postward.dns.settings import DnsSettings

SERVFAIL = Answer(outcome=Outcome.SERVFAIL)
_TIMEOUT = Answer(outcome=Outcome.TIMEOUT)


class Dispatcher:
    """Sends questions, each only once at a time, and puts the answers into the cache."""

    def __init__(
        self,
        settings: DnsSettings,
        *,
        cache: AnswerCache,
        network: Network,
        clock: Callable[[], float],
        run: Callable[[Callable[[], None]], object],
        observe: Callable[[RecordType, Outcome, float], None] | None,
    ) -> None:
        """``run`` calls what others gave to be called, and keeps their exceptions to itself."""
        self._settings = settings
        self._cache = cache
        self._network = network
        self._clock = clock
        self._run = run
        self._observe = observe
        self._flights = Flights(settings.timeout_s)
        self._queries: Counter[tuple[RecordType, Outcome]] = Counter()
        self._failures: Counter[str] = Counter()
        self._joined = 0
        self._refused = 0
        self._counting = threading.Lock()

    def ask(self, question: Question, then: Callable[[Answer], None]) -> None:
        """Have ``then`` called with the answer: at once from the cache, or when it has come."""
        answer = self._cache.get(question)
        if answer is not None:
            self._run(partial(then, answer))
            return
        flight = self._flights.get(question)
        if flight is not None:
            self._joined += 1
            flight.waiting.append(then)
        elif len(self._flights) >= self._settings.max_in_flight:
            self._refused += 1
            self._run(partial(then, SERVFAIL))
        else:
            self._send(question, then)

    def timeout_s(self) -> float | None:
        """How long nothing is due; None for ever."""
        return sooner(self._network.timeout_s(), self._flights.wait_s(self._clock()))

    def tick(self) -> None:
        """Deliver the answers that have come, and give up the questions whose time is over."""
        self._network.tick()
        while (flight := self._flights.overdue(self._clock())) is not None:
            self._count(flight, Outcome.TIMEOUT, "DEADLINE")
            self._land(flight, _TIMEOUT)

    def close(self) -> None:
        """End all queries; who still waits is told SERVFAIL."""
        self._network.close()
        for flight in self._flights.all():
            for then in self._flights.land(flight):
                self._run(partial(then, SERVFAIL))

    def statistics(self) -> DnsStatistics:
        """Return the counts; may be called on any thread."""
        with self._counting:
            queries, failures = dict(self._queries), dict(self._failures)
        return DnsStatistics(
            queries=queries,
            failures=failures,
            cache_hits=self._cache.hits,
            joined=self._joined,
            refused=self._refused,
            in_flight=len(self._flights),
            cache_entries=len(self._cache),
            cache_bytes=self._cache.size_bytes,
        )

    def _send(self, question: Question, then: Callable[[Answer], None]) -> None:
        flight = self._flights.start(question, self._clock())
        flight.waiting.append(then)
        self._network.ask(question, lambda reply: self._receive(flight, reply))

    def _receive(self, flight: Flight, reply: Reply) -> None:
        if not flight.landed:
            self._count(flight, reply.outcome, reply.status)
            self._land(flight, self._answer(reply))
        elif reply.outcome is Outcome.OK:
            # Too late for who waited, but not for the next.
            self._cache.put(flight.question, self._answer(reply))

    def _land(self, flight: Flight, answer: Answer) -> None:
        self._cache.put(flight.question, answer)
        for then in self._flights.land(flight):
            self._run(partial(then, answer))

    def _answer(self, reply: Reply) -> Answer:
        if reply.outcome is Outcome.OK:
            ttl_s = self._settings.unknown_ttl_s if reply.ttl_s is None else reply.ttl_s
            return Answer(outcome=Outcome.OK, records=reply.records, ttl_s=ttl_s)
        negative = reply.outcome in {Outcome.NXDOMAIN, Outcome.NODATA}
        return Answer(outcome=reply.outcome, ttl_s=self._settings.negative_ttl_s if negative else 0.0)

    def _count(self, flight: Flight, outcome: Outcome, status: str) -> None:
        record_type = flight.question[1]
        with self._counting:
            self._queries[record_type, outcome] += 1
            if outcome in {Outcome.SERVFAIL, Outcome.TIMEOUT}:
                self._failures[status] += 1
        if self._observe is not None:
            self._run(partial(self._observe, record_type, outcome, self._clock() - flight.started_s))
