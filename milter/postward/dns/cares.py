# SPDX-License-Identifier: GPL-3.0-or-later
"""The resolver of a worker: c-ares on one I/O thread, a cache before it, and no question asked twice at a time."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pycares

from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.budget import BudgetedLookup, MessageBudget
from postward.dns.cache import AnswerCache, Question
from postward.dns.dispatch import SERVFAIL, Dispatcher
from postward.dns.names import to_ascii
from postward.dns.network.channel import dialect
from postward.dns.network.io_thread import IoThread
from postward.dns.network.routes import Network
from postward.dns.network.servers import parse_server
from postward.dns.settings import DnsSettings
from postward.errors import UsageError
from postward.observability.background import guarded
from postward.observability.logger import EventLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.statistics import DnsStatistics

__all__ = ["CaresResolver", "DnsSettings", "check_servers"]

_NAME = "dns"
_NXDOMAIN = Answer(outcome=Outcome.NXDOMAIN)
_TIMEOUT = Answer(outcome=Outcome.TIMEOUT)
_CLOSE_TIMEOUT_S = 5.0


def check_servers(settings: DnsSettings) -> None:
    """Raise ``UsageError`` for servers that no resolver of these settings could ask; starts nothing."""
    dialect.check_servers(tuple(parse_server(server) for server in settings.servers))


class CaresResolver:
    """Looks names up over the network, always absolute ones: no search list is ever used.

    Starts a thread, so it is made after the last fork, and closed at the end.  The servers are trusted: what they
    answer is checked for form, not for who may say it.
    """

    def __init__(
        self,
        settings: DnsSettings | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        log: EventLog | None = None,
        observe: Callable[[RecordType, Outcome, float], None] | None = None,
    ) -> None:
        """``observe`` is told of every query that went to a server, its end and its seconds, on the DNS thread.

        Raises ``UsageError`` where the servers of the settings cannot be used, or c-ares cannot be set up.
        """
        self._settings = settings or DnsSettings()
        self._clock = clock
        self._log = log or EventLog()
        self._closed = False
        self._cache = AnswerCache(self._settings, clock)
        servers = tuple(parse_server(server) for server in self._settings.servers)
        self._io = IoThread(_NAME, self._log)
        try:
            network = Network(servers, self._settings, self._io, clock)
        except (UsageError, pycares.AresError) as error:
            self._io.stop(_CLOSE_TIMEOUT_S)
            raise UsageError(f"DNS: the resolver cannot be set up: {error}") from error
        self._dispatcher = Dispatcher(
            self._settings, cache=self._cache, network=network, clock=clock, run=self._guarded, observe=observe
        )
        self._io.start(self._dispatcher)

    def resolve(self, name: str, record_type: RecordType, timeout_s: float) -> Answer:
        """Look ``name`` up and wait so long at most; see ``Lookup``.

        Called from any thread that Python made, but not from what runs on the DNS thread.
        """
        owner = to_ascii(name)
        if owner is None:
            return _NXDOMAIN
        question = (owner, record_type)
        return self._cache.get(question) or self._wait(question, timeout_s)

    def known(self, name: str, record_type: RecordType) -> Answer | None:
        """What the cache holds; None for what would have to be asked.  On any thread."""
        owner = to_ascii(name)
        return _NXDOMAIN if owner is None else self._cache.get((owner, record_type))

    def prefetch(self, name: str, record_type: RecordType, then: Callable[[Answer], None] | None = None) -> None:
        """Start a look-up without waiting, from any thread, libmilter's included; see ``Prefetch``.

        ``then`` is called on the DNS thread, where it must not block.
        """
        self.post(lambda: self._ask_ahead(name, record_type, then))

    def post(self, work: Callable[[], None]) -> None:
        """Have ``work`` run on the DNS thread, from any thread, libmilter's included; an exception of it is logged."""
        self._io.post(work)

    def lookup(self, budget: MessageBudget) -> BudgetedLookup:
        """Return the ``Lookup`` of one message, which waits no longer than to the budget's deadline."""

        def ask(name: str, record_type: RecordType) -> Answer:
            left_s = budget.deadline_s - self._clock()
            return self.resolve(name, record_type, min(left_s, self._settings.timeout_s))

        return BudgetedLookup(ask, max_queries=budget.max_queries, deadline_s=budget.deadline_s, clock=self._clock)

    def statistics(self) -> DnsStatistics:
        """Return what has been counted so far; may be called on any thread."""
        return self._dispatcher.statistics()

    def close(self) -> None:
        """End the thread; who still waits is told SERVFAIL, and so is who asks afterwards."""
        if not self._closed:
            self._closed = True
            self.post(self._dispatcher.close)
            self._io.stop(_CLOSE_TIMEOUT_S)

    def _wait(self, question: Question, timeout_s: float) -> Answer:
        if self._closed:
            return SERVFAIL
        waiter = _Waiter()
        self.post(partial(self._dispatcher.ask, question, waiter.accept))
        return waiter.wait(timeout_s)

    def _ask_ahead(self, name: str, record_type: RecordType, then: Callable[[Answer], None] | None) -> None:
        owner = to_ascii(name)
        if owner is not None:
            self._dispatcher.ask((owner, record_type), then or _ignore)
        elif then is not None:
            then(_NXDOMAIN)

    def _guarded(self, work: Callable[[], None]) -> bool:
        return guarded(_NAME, work, self._log)


class _Waiter:
    """One thread that waits for one answer."""

    def __init__(self) -> None:
        self._answer = _TIMEOUT
        self._ready = threading.Lock()
        self._ready.acquire()

    def accept(self, answer: Answer) -> None:
        self._answer = answer
        self._ready.release()

    def wait(self, timeout_s: float) -> Answer:
        # A lock taken for the second time does what an Event does, without its layers of Python.
        self._ready.acquire(timeout=max(timeout_s, 0.0))
        return self._answer


def _ignore(_answer: Answer) -> None:
    """Leave the answer to the cache."""
