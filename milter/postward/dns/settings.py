# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the resolver."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsSettings:
    """How DNS is asked, and how much of it is remembered; one resolver and one cache a worker."""

    servers: tuple[str, ...] = ()
    """``192.0.2.1``, ``192.0.2.1:5353``, ``2001:db8::1`` or ``[2001:db8::1]:5353``; none means /etc/resolv.conf."""
    timeout_s: float = 5.0
    """After this long a query has failed, whatever tries are left."""
    tries: int = 3
    """How often each server is asked; every try is given twice the time of the one before."""
    max_in_flight: int = 1000
    """Queries that wait for a server at one time; beyond it a new one fails at once."""
    max_records: int = 256
    """Records of one answer that are kept; RFC 7208 and the reverse look-ups need ten and a few."""
    cache_entries: int = 20_000
    cache_max_bytes: int = 32 * 1024 * 1024
    min_ttl_s: float = 5.0
    """An answer is kept this long at least, so that what was asked ahead is still there at the end of the message."""
    max_ttl_s: float = 3600.0
    unknown_ttl_s: float = 60.0
    """For answers whose TTL the library does not give (pycares 4: all but addresses)."""
    negative_ttl_s: float = 30.0
    """For NXDOMAIN and NODATA, whose TTL (RFC 2308) the library never gives."""
    failure_ttl_s: float = 2.0
    """For time-outs and SERVFAIL, so that a dead domain does not cost its time-out again and again."""
