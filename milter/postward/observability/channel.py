# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from a worker to the collector: nothing here ever waits on the mail path."""

from __future__ import annotations

import os
import select
import socket
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from postward.observability.event import LineLimits
from postward.observability.families import EVENTS_LOST, LOG_LINES_LOST
from postward.observability.json_line import format_json
from postward.observability.wire import encode_delta, encode_events, encode_settings

if TYPE_CHECKING:
    from postward.observability.collector_settings import CollectorSettings
    from postward.observability.event import Event
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics

STORED_EVENT_LIMITS = LineLimits(max_value_chars=1024, max_line_bytes=16 * 1024)
"""An event is stored in more detail than it is logged, and fits into a datagram."""
_MAX_WAITING_EVENTS = 4096


def open_channel() -> tuple[socket.socket, socket.socket]:
    """Return the collector's end and the reporting processes' end, which they all share.

    Datagrams with an end: when every copy of the second socket is closed, the collector sees it.
    """
    receiving, sending = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return receiving, sending


def send_settings(sending: socket.socket, settings: CollectorSettings) -> None:
    """Tell the collector what to serve and where to store; raises BlockingIOError where the channel is full."""
    sending.send(encode_settings(str(os.getpid()), settings), socket.MSG_DONTWAIT)


class Channel:
    """Holds events until the next flush, and sends them and the metrics without ever blocking.

    ``post`` may be called from every thread; it drops and counts where too much is waiting.  ``flush`` belongs
    on a background thread; what the socket does not take stays for the next flush.
    """

    def __init__(self, sending: socket.socket, metrics: WorkerMetrics, log: EventLog) -> None:
        sending.settimeout(0)
        self._socket = sending
        self._metrics = metrics
        self._log = log
        self._sender = str(os.getpid())
        self._events: deque[Event] = deque()
        self._flushing = Lock()
        self._lines_lost = 0
        self._is_broken = False

    def post(self, event: Event) -> None:
        """Hold ``event`` for the next flush."""
        if len(self._events) >= _MAX_WAITING_EVENTS:
            self._metrics.add(EVENTS_LOST)
        else:
            self._events.append(event)

    def flush(self) -> bool:
        """Send what waits; return True where nothing is left."""
        with self._flushing:
            self._count_lost_lines()
            return self._send_events() and self._send_metrics()

    def drain(self, timeout_s: float) -> bool:
        """Send what waits before the process ends, waiting up to ``timeout_s`` whenever the socket is full."""
        while not self.flush():
            if self._is_broken or not select.select([], [self._socket], [], timeout_s)[1]:
                return False
        return True

    def _count_lost_lines(self) -> None:
        lost = self._log.lost
        if lost > self._lines_lost:
            self._metrics.add(LOG_LINES_LOST, amount=lost - self._lines_lost)
            self._lines_lost = lost

    def _send_events(self) -> bool:
        waiting = tuple(self._events)
        lines = (format_json(event, STORED_EVENT_LIMITS) for event in waiting)
        for datagram, count in encode_events(self._sender, lines):
            if not self._send(datagram):
                return False
            for _ in range(count):
                self._events.popleft()
        return True

    def _send_metrics(self) -> bool:
        unsent = dict(self._metrics.take())
        for datagram, part in encode_delta(self._sender, unsent):
            if not self._send(datagram):
                self._metrics.give_back(unsent)
                return False
            for series in part:
                del unsent[series]
        return True

    def _send(self, datagram: bytes) -> bool:
        try:
            self._socket.send(datagram)
        except BlockingIOError:
            return False
        except OSError:
            self._is_broken = True
            return False
        self._is_broken = False
        return True
