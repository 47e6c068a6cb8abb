# SPDX-License-Identifier: GPL-3.0-or-later
"""What the DNS said to one question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address


class RecordType(StrEnum):
    """The record types that Postward asks for."""

    A = "A"
    AAAA = "AAAA"
    CNAME = "CNAME"
    MX = "MX"
    NS = "NS"
    PTR = "PTR"
    TXT = "TXT"


class Outcome(StrEnum):
    """How a look-up ended; the two kinds of "nothing there" are kept apart."""

    OK = "ok"
    NODATA = "nodata"
    """The name exists, without a record of that type."""
    NXDOMAIN = "nxdomain"
    """The name does not exist (RFC 8020)."""
    SERVFAIL = "servfail"
    """The server could not or would not answer, or answered nonsense."""
    TIMEOUT = "timeout"
    BUDGET = "budget"
    """Not asked: the message's allowance is used up."""


@dataclass(frozen=True, slots=True)
class Mx:
    """One MX record; ``host`` is "" for a null MX (RFC 7505)."""

    preference: int
    host: str


RecordData = str | bytes | Mx | IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Outcome of one look-up; ``records`` is empty unless it is OK.

    Data by type: A and AAAA addresses, MX ``Mx``, TXT ``bytes`` (the strings of one record joined without
    space, RFC 7208 section 3.3), CNAME, NS and PTR names in lower case without the closing dot.
    """

    outcome: Outcome
    records: tuple[RecordData, ...] = ()
    ttl_s: float = 0.0

    @property
    def failed(self) -> bool:
        """True where nothing is known (time-out, SERVFAIL, budget): the caller's temperror."""
        return self.outcome in _FAILED

    def texts(self) -> tuple[bytes, ...]:
        """The TXT records."""
        return tuple(record for record in self.records if isinstance(record, bytes))

    def names(self) -> tuple[str, ...]:
        """The names of a PTR, NS or CNAME answer."""
        return tuple(record for record in self.records if isinstance(record, str))

    def exchanges(self) -> tuple[Mx, ...]:
        """The MX records."""
        return tuple(record for record in self.records if isinstance(record, Mx))

    def addresses(self) -> tuple[IPv4Address | IPv6Address, ...]:
        """The addresses of an A or AAAA answer."""
        return tuple(record for record in self.records if isinstance(record, IPv4Address | IPv6Address))


_FAILED = frozenset({Outcome.SERVFAIL, Outcome.TIMEOUT, Outcome.BUDGET})
