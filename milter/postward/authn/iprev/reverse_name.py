# SPDX-License-Identifier: GPL-3.0-or-later
"""The name in DNS that stands for an address (RFC 1035 section 3.5, RFC 3596 section 2.5)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from postward.model.ip_address import plain_address

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress


def reverse_name(address: IpAddress) -> str:
    """Name below in-addr.arpa or ip6.arpa; an IPv4-mapped IPv6 address is taken for IPv4."""
    plain = plain_address(address)
    if isinstance(plain, IPv4Address):
        return ".".join(reversed(str(plain).split("."))) + ".in-addr.arpa"
    return ".".join(reversed(plain.exploded.replace(":", ""))) + ".ip6.arpa"
