# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of records in DNS messages (RFC 1035 section 3.3, RFC 3596)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from postward.dns.answer import Mx, RecordType
from postward.dns.network.reply import host_name
from postward.dns.wire.name import WireError

if TYPE_CHECKING:
    from postward.dns.answer import RecordData
    from postward.dns.wire.name import NameReader

_IPV4_OCTETS = 4
_IPV6_OCTETS = 16


def read_data(record_type: RecordType, wire: bytes, names: NameReader, start: int, end: int) -> RecordData | None:
    """Read the data between the two places; None for what no caller could use.

    Raises ``WireError``, or ``IndexError`` at the end of the message.
    """
    match record_type:
        case RecordType.A | RecordType.AAAA:
            return _address(record_type, wire[start:end])
        case RecordType.TXT:
            return _text(wire, start, end)
        case RecordType.MX:
            host = _host(names, start + 2, end)
            return None if host is None else Mx(int.from_bytes(wire[start : start + 2], "big"), host)
    return _host(names, start, end)


def _address(record_type: RecordType, octets: bytes) -> IPv4Address | IPv6Address:
    if len(octets) != (_IPV4_OCTETS if record_type is RecordType.A else _IPV6_OCTETS):
        raise WireError("an address of the wrong length")
    return IPv4Address(octets) if record_type is RecordType.A else IPv6Address(octets)


def _text(wire: bytes, start: int, end: int) -> bytes | None:
    """Join the strings; None where there is not one, which is malformed but harms nobody."""
    strings = []
    at = start
    while at < end:
        after = at + 1 + wire[at]
        if after > end:
            raise WireError("a string that ends after its record")
        strings.append(wire[at + 1 : after])
        at = after
    return b"".join(strings) if strings else None


def _host(names: NameReader, start: int, end: int) -> str | None:
    """Read a name; None where it holds octets that no host name has."""
    labels, after = names.read(start)
    if after != end:
        raise WireError("a name that does not fill its record")
    if any(b"." in label for label in labels):
        return None
    return host_name(b".".join(labels).decode("latin-1"))
