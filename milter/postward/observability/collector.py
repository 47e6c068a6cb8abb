# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector process: adds up what all others report, serves it, and stores events.

One thread and one selector: nothing in it waits for anybody.  It outlives the workers and the generations, so what
they counted stays when they end.
"""

from __future__ import annotations

import math
import os
import selectors
import time
from typing import TYPE_CHECKING

from postward import __version__
from postward.observability.event_store import EventStore
from postward.observability.exposition import CONTENT_TYPE, Exposition
from postward.observability.families import BUILD_INFO, EVENT_STORE_FAILURES, PROCESS_START, REPORTS_REFUSED
from postward.observability.http_endpoint import HttpEndpoint
from postward.observability.sums import Sums
from postward.observability.wire import MAX_DATAGRAM_BYTES, Report, decode_report

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from postward.observability.collector_settings import CollectorSettings, EventStoreSettings, MetricsAddress
    from postward.observability.logger import EventLog

_OWN_NAME = "collector"
_MAX_DATAGRAMS_A_ROUND = 64
_ROUND_S = 1.0
_EXPIRE_EVERY_S = 60.0
_LISTEN_AGAIN_AFTER_S = 0.5
_PATIENCE_S = 3.0
"""So long the port may still be in use by a collector before this one."""


def run_collector(
    receiving: socket.socket,
    settings: CollectorSettings | None,
    log: EventLog,
    clock: Callable[[], float] = time.time,
) -> None:
    """Collect until the channel ends, that is until nobody is left who could report anything.

    When the parent process has gone it lets go of the port, for a successor, and goes on storing what workers
    report that still have sessions open.

    Belongs into a process that has closed its own copy of the channel's other end.  ``settings`` may be None, and
    may change at any time: ``channel.send_settings``.
    """
    Collector(receiving, log, clock).run(settings)


class Collector:
    """The collector's state: sums, store, endpoint and the loop over all of its sockets."""

    def __init__(self, receiving: socket.socket, log: EventLog, clock: Callable[[], float]) -> None:
        receiving.settimeout(0)
        self._receiving = receiving
        self._log = log
        self._clock = clock
        self._parent = os.getppid()
        self._selector = selectors.DefaultSelector()
        self._sums = Sums()
        own = {(BUILD_INFO.name, (__version__,)): 1, (PROCESS_START.name, ()): clock()}
        self._sums.add(_OWN_NAME, own, clock())
        self._exposition = Exposition(self._sums, clock)
        self._store: EventStore | None = None
        self._address: MetricsAddress | None = None
        self._endpoint: HttpEndpoint | None = None
        self._listen_again_s = 0.0
        self._patient_until_s = 0.0
        self._expire_store_s = 0.0
        self._is_orphan = False
        self._is_stopping = False

    def run(self, settings: CollectorSettings | None) -> None:
        """Serve until the channel ends."""
        self._selector.register(self._receiving, selectors.EVENT_READ, self._take_in)
        if settings is not None:
            self._configure(settings)
        while not self._is_stopping:
            for key, _ in self._selector.select(_ROUND_S):
                key.data()
            self._keep_house()
        self._close()

    def _take_in(self) -> None:
        """Read what has come, up to a bound so that HTTP clients get their turn."""
        lines: list[str] = []
        for _ in range(_MAX_DATAGRAMS_A_ROUND):
            try:
                datagram = self._receiving.recv(MAX_DATAGRAM_BYTES + 1)
            except BlockingIOError:
                break
            if not datagram:
                self._is_stopping = True
                break
            lines.extend(self._read(datagram))
        if lines and self._store is not None:
            self._store.add(lines, self._clock())
            self._count_store_failures(self._store)

    def _read(self, datagram: bytes) -> tuple[str, ...]:
        """Take one datagram in, but for its events, which are returned."""
        report = decode_report(datagram) if len(datagram) <= MAX_DATAGRAM_BYTES else None
        if report is None:
            self._count(REPORTS_REFUSED.name)
            return ()
        return self._take(report)

    def _take(self, report: Report) -> tuple[str, ...]:
        if report.settings is not None:
            self._configure(report.settings)
        self._sums.add(report.sender, report.delta, self._clock())
        return report.events

    def _configure(self, settings: CollectorSettings) -> None:
        """Change over to ``settings``; what stays the same is left running."""
        self._log.adopt(settings.log)
        if settings.metrics != self._address and not self._is_orphan:
            self._close_endpoint()
            self._address = settings.metrics
            self._patient_until_s = time.monotonic() + _PATIENCE_S
            self._listen()
        if settings.store != (self._store.settings if self._store is not None else None):
            self._open_store(settings.store)

    def _open_store(self, settings: EventStoreSettings | None) -> None:
        if self._store is not None:
            self._store.close()
        self._store = EventStore(settings, self._log) if settings is not None and settings.max_messages > 0 else None
        self._expire_store_s = 0.0

    def _listen(self) -> None:
        if self._address is None:
            return
        try:
            self._endpoint = HttpEndpoint(self._address, self._selector, self._page, time.monotonic)
        except (OSError, ValueError) as error:
            self._complain(self._address, error)
        else:
            self._log.info("metrics.served", address=self._address.address, port=self._endpoint.port)

    def _complain(self, address: MetricsAddress, error: OSError | ValueError) -> None:
        """Plan another attempt; say so once, and only if the port is not just being let go of."""
        now_s = time.monotonic()
        self._listen_again_s = now_s + _LISTEN_AGAIN_AFTER_S
        if now_s >= self._patient_until_s:
            self._patient_until_s = math.inf
            self._log.error("metrics.not_served", address=address.address, port=address.port, text=str(error))

    def _page(self) -> tuple[str, bytes]:
        return CONTENT_TYPE, self._exposition.render()

    def _keep_house(self) -> None:
        now_s = time.monotonic()
        if self._endpoint is not None:
            self._endpoint.expire()
        elif now_s >= self._listen_again_s:
            self._listen()
        if self._store is not None and now_s >= self._expire_store_s:
            self._expire_store_s = now_s + _EXPIRE_EVERY_S
            self._store.expire(self._clock())
            self._count_store_failures(self._store)
        if os.getppid() != self._parent and not self._is_orphan:
            self._is_orphan = True
            self._address = None
            self._close_endpoint()

    def _count(self, name: str, amount: float = 1) -> None:
        self._sums.add(_OWN_NAME, {(name, ()): amount}, self._clock())

    def _count_store_failures(self, store: EventStore) -> None:
        if store.failures:
            self._count(EVENT_STORE_FAILURES.name, store.failures)
            store.failures = 0

    def _close_endpoint(self) -> None:
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None

    def _close(self) -> None:
        self._close_endpoint()
        if self._store is not None:
            self._store.close()
        self._selector.close()
