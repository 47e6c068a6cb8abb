# SPDX-License-Identifier: GPL-3.0-or-later
"""Resolvers that the world shares: through them many lists answer nothing, errors, or what is wrong."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from postward.model.ip_address import is_within

if TYPE_CHECKING:
    from collections.abc import Iterable

_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "8.8.8.8/32", "8.8.4.4/32", "2001:4860:4860::/48",  # Google
        "1.1.1.0/29", "1.0.0.0/29", "2606:4700:4700::/48",  # Cloudflare
        "9.9.9.8/29", "149.112.112.0/24", "2620:fe::/48",  # Quad9
        "208.67.222.0/24", "208.67.220.0/24", "2620:119::/32", "2620:0:ccc::/47",  # OpenDNS
        "94.140.14.0/23", "2a10:50c0::/32",  # AdGuard
        "185.228.168.0/23", "2a0d:2a00::/32",  # CleanBrowsing
        "4.2.2.0/29", "64.6.64.0/23", "77.88.8.0/24", "84.200.69.80/32", "84.200.70.40/32", "114.114.114.0/23",
        "119.29.29.29/32", "223.5.5.5/32", "223.6.6.6/32", "76.76.2.0/24", "76.76.10.0/24", "193.110.81.0/24",
        "185.253.5.0/24",
    )
)  # fmt: skip
_MAX_LINES = 200


def public_resolver(servers: Iterable[str]) -> str:
    """The first of these addresses that is known to be shared by the world; "" for none."""
    return next((server for server in servers if _is_public(server)), "")


def servers_of(resolv_conf: str) -> tuple[str, ...]:
    """The name servers in the text of a resolv.conf(5)."""
    lines = (line.split() for line in resolv_conf.splitlines()[:_MAX_LINES])
    return tuple(words[1] for words in lines if len(words) > 1 and words[0] == "nameserver")


def _is_public(server: str) -> bool:
    try:
        return is_within(ip_address(server.partition("%")[0]), _PUBLIC)
    except ValueError:
        return False
