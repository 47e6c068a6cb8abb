# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking without c-ares, where c-ares cannot: one datagram a try, and TCP for what does not fit (RFC 1035, RFC 7766).

c-ares from 1.34 on refuses names with any character but letters, digits and ``-._/*``, while SPF macros make other ones
of ordinary addresses (``exists:%{l}...``); and pycares 4 cuts TXT records at an octet 0 and hides their TTL.
"""

from __future__ import annotations

import errno
import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from postward.dns.answer import Outcome
from postward.dns.network.alarms import Alarms
from postward.dns.network.exchange import DatagramExchange, StreamExchange
from postward.dns.network.reply import Reply
from postward.dns.wire.message import FORMERR, NOERROR, NXDOMAIN, WireAnswer, read_answer, write_query
from postward.dns.wire.name import WireError, name_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from postward.dns.cache import Question
    from postward.dns.network.exchange import Exchange
    from postward.dns.network.io_thread import IoThread
    from postward.dns.settings import DnsSettings
    from postward.model.ip_endpoint import IpEndpoint

_QUERY_ID_BITS = 16
_STATUS_BY_RCODE = {1: "EFORMERR", 2: "ESERVFAIL", 4: "ENOTIMP", 5: "EREFUSED"}
_TIMEOUT = "ETIMEOUT"
_MALFORMED = "EBADRESP"


class DirectQueries:
    """All the queries that are asked in this way; I/O thread only."""

    def __init__(
        self,
        servers: Callable[[], Sequence[IpEndpoint]],
        settings: DnsSettings,
        io: IoThread,
        clock: Callable[[], float],
    ) -> None:
        """``servers`` tells, for each query, whom to ask."""
        self._servers = servers
        self._settings = settings
        self._io = io
        self._alarms = Alarms(clock)
        self._running: set[_DirectQuery] = set()

    def ask(self, question: Question, then: Callable[[Reply], None]) -> None:
        """Send a query; ``then`` is called once, before this returns where nothing can be sent."""
        query = _DirectQuery(question, self._plan(), self._io, self._alarms)
        self._running.add(query)
        query.start(partial(self._end, query, then))

    def timeout_s(self) -> float | None:
        """How long nothing is due; None for ever."""
        return self._alarms.timeout_s()

    def tick(self) -> None:
        """Go on with the queries that had no answer in time."""
        self._alarms.run_due()

    def close(self) -> None:
        """End all queries without a reply."""
        for query in self._running:
            query.close()
        self._running.clear()

    def _plan(self) -> Iterable[_Try]:
        """Ask every server in turn, and all of them again with twice the time, within the time of a query."""
        servers = tuple(self._servers())
        first_s = self._settings.timeout_s / (2**self._settings.tries - 1) / max(len(servers), 1)
        return (
            _Try(server, first_s * 2**round_number)
            for round_number in range(self._settings.tries)
            for server in servers
        )

    def _end(self, query: _DirectQuery, then: Callable[[Reply], None], reply: Reply) -> None:
        self._running.discard(query)
        kept = reply.records[: self._settings.max_records]
        then(Reply(outcome=reply.outcome, records=kept, ttl_s=reply.ttl_s, status=reply.status))


@dataclass(frozen=True, slots=True)
class _Try:
    server: IpEndpoint
    time_s: float


class _DirectQuery:
    """One question on its way from server to server."""

    def __init__(self, question: Question, plan: Iterable[_Try], io: IoThread, alarms: Alarms) -> None:
        name, self._type = question
        self._name = name_labels(name)
        self._plan = iter(plan)
        self._io = io
        self._alarms = alarms
        self._exchange: Exchange | None = None
        self._try: _Try | None = None
        self._id = 0
        self._edns = True
        self._status = "ESERVFAIL"

    def start(self, then: Callable[[Reply], None]) -> None:
        self._then = then
        self._next()

    def close(self) -> None:
        if self._exchange is not None:
            self._exchange.close()
            self._exchange = None

    def _next(self) -> None:
        """Ask the next server, or give up where there is none left."""
        self.close()
        self._try = next(self._plan, None)
        if self._try is not None:
            self._send(DatagramExchange)
            return
        outcome = Outcome.TIMEOUT if self._status == _TIMEOUT else Outcome.SERVFAIL
        self._then(Reply(outcome=outcome, status=self._status))

    def _send(self, kind: type[DatagramExchange | StreamExchange]) -> None:
        if self._try is None:
            return
        self.close()
        self._id = secrets.randbits(_QUERY_ID_BITS)
        query = write_query(self._id, self._name, self._type, edns=self._edns)
        try:
            exchange = kind(self._try.server, query, self._io, received=self._received, failed=self._failed)
        except OSError as error:
            # From the loop, not from here: a plan whose every try fails at once must not become a recursion.
            self._alarms.set(0.0, partial(self._failed, error))
        else:
            self._exchange = exchange
            self._alarms.set(self._try.time_s, partial(self._overdue, exchange))

    def _received(self, wire: bytes) -> None:
        try:
            answer = read_answer(wire, self._id, self._name, self._type)
        except WireError:
            self._status = _MALFORMED
            if isinstance(self._exchange, StreamExchange):
                self._next()
            # On a datagram the true answer may still be to come (RFC 5452 section 9.1).
            return
        if answer.truncated:
            self._send(StreamExchange)
        elif answer.rcode == FORMERR and self._edns:
            # RFC 6891 section 7: a server that does not know EDNS.
            self._edns = False
            self._send(DatagramExchange)
        elif answer.rcode in {NOERROR, NXDOMAIN}:
            self.close()
            self._then(_reply(answer))
        else:
            self._status = _STATUS_BY_RCODE.get(answer.rcode, f"RCODE{answer.rcode}")
            self._next()

    def _overdue(self, exchange: Exchange) -> None:
        if exchange is self._exchange:
            self._status = _TIMEOUT if self._status != _MALFORMED else _MALFORMED
            self._next()

    def _failed(self, error: OSError) -> None:
        self._status = errno.errorcode.get(error.errno or 0, "ESERVFAIL")
        self._next()


def _reply(answer: WireAnswer) -> Reply:
    if answer.records:
        return Reply(outcome=Outcome.OK, records=answer.records, ttl_s=answer.ttl_s)
    if answer.rcode == NXDOMAIN and not answer.aliased:
        return Reply(outcome=Outcome.NXDOMAIN, status="ENOTFOUND")
    return Reply(outcome=Outcome.NODATA, status="ENODATA")
