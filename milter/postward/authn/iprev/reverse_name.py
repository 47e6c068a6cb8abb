"""The name in DNS that stands for an address (RFC 1035 section 3.5, RFC 3596 section 2.5)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.connection import IpAddress


def reverse_name(address: IpAddress) -> str:
    """Name below in-addr.arpa or ip6.arpa; an IPv4-mapped IPv6 address is taken for IPv4."""
    plain = plain_address(address)
    if isinstance(plain, IPv4Address):
        return ".".join(reversed(str(plain).split("."))) + ".in-addr.arpa"
    return ".".join(reversed(plain.exploded.replace(":", ""))) + ".ip6.arpa"


def plain_address(address: IpAddress) -> IpAddress:
    """The address to be judged: IPv4 where it was mapped into IPv6 (RFC 7208 section 5), without a zone (``%eth0``)."""
    if isinstance(address, IPv4Address):
        return address
    return address.ipv4_mapped or IPv6Address(int(address))
