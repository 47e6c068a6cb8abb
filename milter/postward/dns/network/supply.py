# SPDX-License-Identifier: GPL-3.0-or-later
"""A c-ares channel that is replaced now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pycares

from postward.dns.answer import Outcome
from postward.dns.network.alarms import sooner
from postward.dns.network.channel import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.cache import Question
    from postward.dns.network.io_thread import IoThread
    from postward.dns.network.reply import Reply
    from postward.dns.settings import DnsSettings
    from postward.model.ip_endpoint import IpEndpoint

MAX_QUERIES = 1000
"""c-ares from 1.32 on has a cache of its own, without any bound but time, which only a new channel empties."""

MAX_BYTES = 4 * 1024 * 1024
"""Text in the answers of one channel, for the same reason."""

FAILURES_IN_A_ROW = 10
RENEWAL_PAUSE_S = 5.0
"""So long after its opening a channel whose servers all fail is replaced: /etc/resolv.conf may have changed."""


class ChannelSupply:
    """Asks through the newest channel and keeps the older ones until their queries have ended; I/O thread only."""

    def __init__(
        self, servers: tuple[IpEndpoint, ...], settings: DnsSettings, io: IoThread, clock: Callable[[], float]
    ) -> None:
        """Raises ``pycares.AresError`` or ``UsageError``, see ``Channel``."""
        self._open: Callable[[], Channel] = lambda: Channel(servers, settings, io)
        self._clock = clock
        self._retired: list[Channel] = []
        self._renew()

    def ask(self, question: Question, then: Callable[[Reply], None]) -> None:
        """Send a query; ``then`` is called once, from ``tick``."""
        if self._is_worn():
            self._retire()
        self._queries += 1
        self._channel.ask(question, lambda reply: self._note(reply, then))

    def servers(self) -> tuple[IpEndpoint, ...]:
        """Whom the newest channel asks."""
        return self._channel.servers()

    def timeout_s(self) -> float | None:
        """How long all the channels may be left alone; None for ever."""
        wait_s = self._channel.timeout_s()
        for channel in self._retired:
            wait_s = sooner(wait_s, channel.timeout_s())
        return wait_s

    def tick(self) -> None:
        """Deliver what has come, and close the channels that are done."""
        for channel in (self._channel, *self._retired):
            channel.process_timeouts()
            channel.deliver()
        if self._retired:
            self._close_idle()

    def close(self) -> None:
        """End all queries without a reply."""
        for channel in (self._channel, *self._retired):
            channel.close()

    def _close_idle(self) -> None:
        for channel in [channel for channel in self._retired if channel.is_idle]:
            self._retired.remove(channel)
            channel.close()

    def _renew(self) -> None:
        self._channel = self._open()
        self._opened_s = self._clock()
        self._queries = 0
        self._bytes = 0
        self._failures = 0

    def _retire(self) -> None:
        worn = self._channel
        try:
            self._renew()
        except pycares.AresError:
            # Better the old one than none; the next attempt is RENEWAL_PAUSE_S away.
            self._queries, self._bytes, self._failures, self._opened_s = 0, 0, 0, self._clock()
        else:
            self._retired.append(worn)

    def _is_worn(self) -> bool:
        if self._queries >= MAX_QUERIES or self._bytes >= MAX_BYTES:
            return True
        return self._failures >= FAILURES_IN_A_ROW and self._clock() - self._opened_s >= RENEWAL_PAUSE_S

    def _note(self, reply: Reply, then: Callable[[Reply], None]) -> None:
        failed = reply.outcome in {Outcome.TIMEOUT, Outcome.SERVFAIL}
        self._failures = self._failures + 1 if failed else 0
        self._bytes += sum(len(record) for record in reply.records if isinstance(record, bytes | str))
        then(reply)
