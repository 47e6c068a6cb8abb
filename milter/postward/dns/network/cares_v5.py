# SPDX-License-Identifier: GPL-3.0-or-later
"""The interface of pycares 5: whole messages with the TTL of every record."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

import pycares

from postward.dns.answer import Mx, RecordData, RecordType
from postward.dns.network.reply import host_name
from postward.dns.network.servers import parse_server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.ip_endpoint import IpEndpoint

WHOLE_TYPES = frozenset(RecordType)

MAJOR = 5
"""The first version of pycares with this interface."""

QUERY_TYPES = {record_type: int(getattr(pycares, f"QUERY_TYPE_{record_type}")) for record_type in RecordType}


def check_servers(_servers: Sequence[IpEndpoint]) -> None:
    """Do nothing: this pycares can ask all of them."""


def open_channel(
    servers: Sequence[IpEndpoint], *, timeout_s: float, tries: int, sock_state_cb: Callable[[int, bool, bool], None]
) -> pycares.Channel:
    """Open a channel; raises ``pycares.AresError`` where c-ares cannot be set up."""
    return pycares.Channel(
        servers=[str(server) for server in servers] or None,
        flags=pycares.ARES_FLAG_EDNS,
        timeout=timeout_s,
        tries=tries,
        sock_state_cb=sock_state_cb,
    )


def query(
    channel: pycares.Channel, name: str, record_type: RecordType, callback: Callable[[object, int | None], None]
) -> None:
    """Ask; ``callback`` gets the result or the error, perhaps before this returns or raises ``pycares.AresError``."""
    channel.query(name, QUERY_TYPES[record_type], callback=callback)


def servers_of(channel: pycares.Channel) -> tuple[IpEndpoint, ...]:
    """Whom the channel asks, link-local addresses left out."""
    return tuple(parse_server(server) for server in channel.servers if "%" not in server)


def close_channel(channel: pycares.Channel) -> None:
    """Give the channel up; pycares destroys it on a thread of its own."""
    channel.cancel()
    channel.close()


def read_records(record_type: RecordType, result: object) -> tuple[list[RecordData], float | None]:
    """Return the records of that type, and the least TTL on the way to them (CNAMEs included)."""
    if not isinstance(result, pycares.DNSResult):
        return [], None
    records = [_record(item.data) for item in result.answer if item.type == QUERY_TYPES[record_type]]
    ttl_s = min((item.ttl for item in result.answer), default=None)
    return [record for record in records if record is not None], ttl_s


def _record(data: object) -> RecordData | None:  # noqa: PLR0911 - one branch a record type
    """Translate one record; None for what no caller could use."""
    match data:
        case pycares.ARecordData(addr=address):
            return IPv4Address(address)
        case pycares.AAAARecordData(addr=address):
            return IPv6Address(address)
        case pycares.TXTRecordData(data=text):
            return text
        case pycares.MXRecordData(priority=preference, exchange=exchange):
            host = host_name(exchange)
            return None if host is None else Mx(preference, host)
        case pycares.PTRRecordData(dname=name):
            return host_name(name)
        case pycares.CNAMERecordData(cname=name):
            return host_name(name)
        case pycares.NSRecordData(nsdname=name):
            return host_name(name)
    return None
