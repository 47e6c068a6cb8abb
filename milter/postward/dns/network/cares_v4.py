# SPDX-License-Identifier: GPL-3.0-or-later
"""The interface of pycares 4: a result class a record type, and a TTL for addresses only.

Typed loosely, for type checkers see the interface of the pycares that is installed.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

import pycares

from postward.dns.answer import Mx, RecordData, RecordType
from postward.dns.network.reply import host_name
from postward.dns.network.servers import DNS_PORT
from postward.errors import UsageError
from postward.model.ip_endpoint import IpEndpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUERY_TYPES = {record_type: int(getattr(pycares, f"QUERY_TYPE_{record_type}")) for record_type in RecordType}

WHOLE_TYPES = frozenset(RecordType) - {RecordType.TXT}
"""A TXT record is cut at an octet 0."""

_FLAG_EDNS = 1 << 8
"""ARES_FLAG_EDNS, which pycares names only from 4.5 on."""


def check_servers(servers: Sequence[IpEndpoint]) -> None:
    """Raise ``UsageError`` where the servers have different ports, which this pycares cannot do."""
    if len({server.port for server in servers}) > 1:
        raise UsageError(f"pycares {pycares.__version__} needs one port for all name servers")


def open_channel(
    servers: Sequence[IpEndpoint], *, timeout_s: float, tries: int, sock_state_cb: Callable[[int, bool, bool], None]
) -> Any:
    """Open a channel; raises ``pycares.AresError`` where c-ares cannot be set up.

    Raises ``UsageError`` as ``check_servers`` does.
    """
    check_servers(servers)
    port = servers[0].port if servers else DNS_PORT
    return pycares.Channel(
        servers=[str(server.address) for server in servers] or None,
        udp_port=port,
        tcp_port=port,
        flags=_FLAG_EDNS,
        timeout=timeout_s,
        tries=tries,
        sock_state_cb=sock_state_cb,
    )


def query(channel: Any, name: str, record_type: RecordType, callback: Callable[[object, int | None], None]) -> None:
    """Ask; ``callback`` gets the result or the error, perhaps before this returns."""
    channel.query(name, QUERY_TYPES[record_type], callback)


def servers_of(channel: Any) -> tuple[IpEndpoint, ...]:
    """Whom the channel asks; this pycares does not tell the ports."""
    return tuple(IpEndpoint(address=ip_address(address), port=DNS_PORT) for address in channel.servers)


def close_channel(channel: Any) -> None:
    """End the queries, which closes the sockets; the channel itself goes with its last reference."""
    channel.cancel()


def read_records(record_type: RecordType, result: object) -> tuple[list[RecordData], float | None]:
    """Return the records, and the least of their TTLs where pycares gives it."""
    items: list[Any] = result if isinstance(result, list) else [result]
    read = [_record(record_type, item) for item in items] if record_type is not RecordType.PTR else _names(result)
    ttls = [item.ttl for item in items if item.ttl >= 0]
    return [record for record in read if record is not None], min(ttls, default=None)


def _record(record_type: RecordType, item: Any) -> RecordData | None:
    """Translate one record; None for what no caller could use."""
    match record_type:
        case RecordType.A:
            return IPv4Address(item.host)
        case RecordType.AAAA:
            return IPv6Address(item.host)
        case RecordType.MX:
            host = host_name(item.host)
            return None if host is None else Mx(item.priority, host)
        case RecordType.TXT:
            # ASCII text comes as str, other text as bytes.
            return item.text.encode("ascii") if isinstance(item.text, str) else bytes(item.text)
        case RecordType.CNAME:
            return host_name(item.cname)
        case _:
            return host_name(item.host)


def _names(result: Any) -> list[RecordData | None]:
    """Read all the names of a PTR answer, which pycares gives as the aliases of one of them."""
    return [host_name(alias) for alias in result.aliases or [result.name]]
