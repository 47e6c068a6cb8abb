# SPDX-License-Identifier: GPL-3.0-or-later
"""IP addresses of clients, and the networks that an operator names."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network


def plain_address(address: IpAddress) -> IpAddress:
    """The address that is judged: IPv4 where it came mapped into IPv6, and without a zone (``%eth0``).

    RFC 7208 section 5 and RFC 4291 section 2.5.5.2; RFC 4007 section 11: a zone means nothing beyond this host.
    """
    if isinstance(address, IPv4Address):
        return address
    if address.scope_id is not None:
        address = IPv6Address(int(address))
    return address.ipv4_mapped or address


def is_within(address: IpAddress | None, networks: Iterable[IpNetwork]) -> bool:
    """True where one of the networks holds the address; False for none."""
    return address is not None and any(
        address.version == network.version and address in network for network in networks
    )
