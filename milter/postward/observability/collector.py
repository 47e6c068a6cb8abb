"""The collector process: adds up what all others report, serves it, and stores events.

One thread and one selector: nothing in it waits for anybody.  It outlives the workers, so what they counted stays
when they end.
"""

from __future__ import annotations

import math
import os
import selectors
import signal
import socket
import time
from typing import TYPE_CHECKING

from postward import __version__
from postward.observability.event_store import EventStore
from postward.observability.exposition import CONTENT_TYPE, Exposition
from postward.observability.families import BUILD_INFO, EVENT_STORE_FAILURES, REPORTS_REFUSED
from postward.observability.http_endpoint import HttpEndpoint
from postward.observability.sums import Sums
from postward.observability.wire import MAX_DATAGRAM_BYTES, Report, decode_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.observability.collector_settings import CollectorSettings, EventStoreSettings, MetricsAddress
    from postward.observability.logger import EventLog

_OWN_NAME = "collector"
_MAX_DATAGRAMS_A_ROUND = 64
_ROUND_S = 1.0
_EXPIRE_EVERY_S = 60.0
_LISTEN_AGAIN_AFTER_S = 0.5
_PATIENCE_S = 3.0
"""So long the port may still be in use by the collector of the generation before."""


def run_collector(
    receiving: socket.socket,
    settings: CollectorSettings | None,
    log: EventLog,
    clock: Callable[[], float] = time.time,
) -> None:
    """Collect until the channel ends or the parent process is gone, and take in what is left.

    SIGTERM retires it: it lets go of the port at once, for its successor, and goes on storing what the workers
    report that still have sessions open.  A second SIGTERM ends it.

    Belongs on the main thread of a process that has closed its own copy of the channel's other end.  ``settings``
    may be None: then whoever loads the configuration sends them (``channel.send_settings``), again after every reload.
    """
    collector = Collector(receiving, log, clock)
    # The end of a worker or Ctrl-C in a terminal reaches the whole process group; only the supervisor ends this one.
    for name in (signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    with _Wakeup() as wakeup:
        collector.run(settings, wakeup)


class _Wakeup:
    """Turns SIGTERM into a readable socket, so that a signal just before select() is not slept over."""

    def __enter__(self) -> socket.socket:
        self._reading, self._writing = socket.socketpair()
        self._writing.settimeout(0)
        self._reading.settimeout(0)
        self._old_fd = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._old_handler = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        return self._reading

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self._old_handler)
        signal.set_wakeup_fd(self._old_fd)
        self._reading.close()
        self._writing.close()


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
        self._sums.add(_OWN_NAME, {(BUILD_INFO.name, (__version__,)): 1}, clock())
        self._exposition = Exposition(self._sums, clock)
        self._store: EventStore | None = None
        self._address: MetricsAddress | None = None
        self._endpoint: HttpEndpoint | None = None
        self._listen_again_s = 0.0
        self._patient_until_s = 0.0
        self._expire_store_s = 0.0
        self._is_retired = False
        self._is_stopping = False

    def run(self, settings: CollectorSettings | None, wakeup: socket.socket) -> None:
        """Serve until told to stop; ``wakeup`` becomes readable for that."""
        self._selector.register(wakeup, selectors.EVENT_READ, lambda: self._retire(wakeup))
        self._selector.register(self._receiving, selectors.EVENT_READ, self._take_in)
        if settings is not None:
            self._configure(settings)
        while not self._is_stopping:
            for key, _ in self._selector.select(_ROUND_S):
                key.data()
            self._keep_house()
        while self._take_in():
            pass
        self._close()

    def _retire(self, wakeup: socket.socket) -> None:
        signals = wakeup.recv(64)
        self._is_stopping = self._is_retired or len(signals) > 1
        self._is_retired = True
        self._address = None
        self._close_endpoint()

    def _take_in(self) -> bool:
        """Read what has come, up to a bound so that HTTP clients get their turn; return True if there may be more."""
        lines: list[str] = []
        more = True
        for _ in range(_MAX_DATAGRAMS_A_ROUND):
            try:
                datagram = self._receiving.recv(MAX_DATAGRAM_BYTES + 1)
            except BlockingIOError:
                more = False
                break
            if not datagram:
                self._is_stopping, more = True, False
                break
            lines.extend(self._read(datagram))
        if lines and self._store is not None:
            self._store.add(lines, self._clock())
            self._count_store_failures(self._store)
        return more

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
        if settings.metrics != self._address and not self._is_retired:
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
        if os.getppid() != self._parent:
            self._is_stopping = True

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
