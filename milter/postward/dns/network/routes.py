# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to the name servers: c-ares, and for what c-ares cannot ask, queries of our own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.dns.network.alarms import sooner
from postward.dns.network.channel import WHOLE_TYPES
from postward.dns.network.direct import DirectQueries
from postward.dns.network.supply import ChannelSupply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.dns.cache import Question
    from postward.dns.network.io_thread import IoThread
    from postward.dns.network.reply import Reply
    from postward.dns.settings import DnsSettings
    from postward.model.ip_endpoint import IpEndpoint

_BROKEN = "EBADRESP"
_CARES_NAME = re.compile(r"[-0-9A-Za-z._/*]*")


class Network:
    """Sends questions; I/O thread only, but for its making."""

    def __init__(
        self, servers: tuple[IpEndpoint, ...], settings: DnsSettings, io: IoThread, clock: Callable[[], float]
    ) -> None:
        """Without ``servers`` those of /etc/resolv.conf are asked.

        Raises ``pycares.AresError`` or ``UsageError``, see ``Channel``.
        """
        self._given = servers
        self._supply = ChannelSupply(servers, settings, io, clock)
        self._direct = DirectQueries(self._servers, settings, io, clock)

    def ask(self, question: Question, then: Callable[[Reply], None]) -> None:
        """Send a query; ``then`` is called once."""
        name, record_type = question
        if record_type in WHOLE_TYPES and _CARES_NAME.fullmatch(name):
            self._supply.ask(question, lambda reply: self._take(question, reply, then))
        else:
            self._direct.ask(question, then)

    def _take(self, question: Question, reply: Reply, then: Callable[[Reply], None]) -> None:
        """Pass the reply on, but for one that may have been broken by another's.

        c-ares gives up all that is under way on the socket of a reply that it cannot read; a query of our own has a
        socket to itself, and tells whose reply is broken.
        """
        if reply.status == _BROKEN:
            self._direct.ask(question, then)
        else:
            then(reply)

    def timeout_s(self) -> float | None:
        """How long nothing is due; None for ever."""
        return sooner(self._supply.timeout_s(), self._direct.timeout_s())

    def tick(self) -> None:
        """Do what is due."""
        self._supply.tick()
        self._direct.tick()

    def close(self) -> None:
        """End all queries without a reply."""
        self._supply.close()
        self._direct.close()

    def _servers(self) -> Sequence[IpEndpoint]:
        return self._given or self._supply.servers()
