# SPDX-License-Identifier: GPL-3.0-or-later
"""One c-ares channel, used on the I/O thread only."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

import pycares

from postward.dns.answer import Outcome, RecordType
from postward.dns.network import cares_v4, cares_v5
from postward.dns.network.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.cache import Question
    from postward.dns.network.io_thread import IoThread
    from postward.dns.settings import DnsSettings
    from postward.model.ip_endpoint import IpEndpoint

dialect: Any = cares_v5 if int(pycares.__version__.split(".")[0]) >= cares_v5.MAJOR else cares_v4

WHOLE_TYPES: frozenset[RecordType] = dialect.WHOLE_TYPES
"""The types whose records this pycares gives whole."""

_CHECK_S = 0.05
"""How often c-ares looks at the clock while queries wait; asking it when it would like to costs more than it saves."""

_OUTCOMES = {
    pycares.errno.ARES_ENODATA: Outcome.NODATA,
    pycares.errno.ARES_ENOTFOUND: Outcome.NXDOMAIN,
    pycares.errno.ARES_ETIMEOUT: Outcome.TIMEOUT,
}


class Channel:
    """Asks the servers, and gives each reply to whom it belongs.

    Replies are only put aside while c-ares runs and handed on by ``deliver``, so that what they set off may use or
    close the channel.
    """

    def __init__(self, servers: tuple[IpEndpoint, ...], settings: DnsSettings, io: IoThread) -> None:
        """Raises ``pycares.AresError`` where c-ares cannot be set up, ``UsageError`` for servers it cannot have."""
        self._io = io
        self._max_records = settings.max_records
        self._waiting: set[object] = set()
        self._has_read = False
        self._done: deque[Callable[[], None]] = deque()
        self._channel: Any = dialect.open_channel(
            servers,
            # With the time doubled for each try, all of them together take the time of the query.
            timeout_s=settings.timeout_s / (2**settings.tries - 1),
            tries=settings.tries,
            sock_state_cb=self._watch,
        )

    @property
    def is_idle(self) -> bool:
        """True where nothing is asked and nothing is left to deliver."""
        return not self._waiting and not self._done

    def ask(self, question: Question, then: Callable[[Reply], None]) -> None:
        """Send a query; ``then`` is called once, by ``deliver``."""
        name, record_type = question
        token = object()
        self._waiting.add(token)
        callback = partial(self._put_aside, token, record_type, then)
        try:
            dialect.query(self._channel, name, record_type, callback)
        except pycares.AresError as error:
            callback(None, _status(error))

    def servers(self) -> tuple[IpEndpoint, ...]:
        """Whom the channel asks."""
        servers: tuple[IpEndpoint, ...] = dialect.servers_of(self._channel)
        return servers

    def timeout_s(self) -> float | None:
        """How long c-ares may be left alone; None for ever."""
        if self._done:
            return 0.0
        return _CHECK_S if self._waiting else None

    def process_timeouts(self) -> None:
        """Let c-ares look at the clock, which it also does whenever it reads."""
        if self._waiting and not self._has_read:
            self._channel.process_fd(pycares.ARES_SOCKET_BAD, pycares.ARES_SOCKET_BAD)
        self._has_read = False

    def deliver(self) -> None:
        """Hand on the replies that have come."""
        while self._done:
            self._done.popleft()()

    def close(self) -> None:
        """End all queries without a reply."""
        dialect.close_channel(self._channel)
        self._done.clear()

    def _watch(self, fd: int, readable: bool, writable: bool) -> None:
        # pycares 5 destroys a channel on another thread; by then there is nothing left to watch.
        if self._io.is_current():
            self._io.watch(fd, self._process, readable=readable, writable=writable)

    def _process(self, fd: int, readable: bool, writable: bool) -> None:
        nothing = pycares.ARES_SOCKET_BAD
        self._has_read = True
        self._channel.process_fd(fd if readable else nothing, fd if writable else nothing)

    def _put_aside(
        self, token: object, record_type: RecordType, then: Callable[[Reply], None], result: object, error: int | None
    ) -> None:
        # pycares 5 both calls back and raises where a query cannot even be sent.
        if token in self._waiting:
            self._waiting.discard(token)
            self._done.append(lambda: then(self._read(record_type, result, error)))

    def _read(self, record_type: RecordType, result: object, error: int | None) -> Reply:
        if error is not None:
            status = pycares.errno.errorcode.get(error, str(error)).removeprefix("ARES_")
            return Reply(outcome=_OUTCOMES.get(error, Outcome.SERVFAIL), status=status)
        records, ttl_s = dialect.read_records(record_type, result)
        if not records:
            # Only a CNAME that leads to nothing of that type.
            return Reply(outcome=Outcome.NODATA, status="ENODATA")
        return Reply(outcome=Outcome.OK, records=tuple(records[: self._max_records]), ttl_s=ttl_s)


def _status(error: pycares.AresError) -> int:
    """Read c-ares's status from an exception of pycares, which has it as its first argument."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else pycares.errno.ARES_ESERVFAIL
