# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a message lists are asked about, if it can be asked about at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network
from typing import TYPE_CHECKING

from postward.dns.names import to_ascii
from postward.dns_lists.question import reversed_address
from postward.model.ip_address import is_within, plain_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns_lists.zone import Subject
    from postward.model.ip_address import IpAddress

_REMEMBERED = 4_096
_NOBODY = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
"""Addresses that mean another host in each network, or none: no list can know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSubject:
    """One address or one domain."""

    kind: Subject
    label: str
    """As a question has it: an address reversed, or a host name in A-labels."""
    shown: str
    """For people."""
    registered: str = ""
    """Of a host name the domain that somebody has registered."""
    is_ipv6: bool = False
    is_connecting: bool = False
    """It is the client that delivers to us, and it has not logged in: policies hold for it."""


@lru_cache(maxsize=_REMEMBERED)
def address_subject(kind: Subject, address: IpAddress, *, is_connecting: bool = False) -> ListSubject | None:
    """Give what is asked about an address; None where no list can know it."""
    address = plain_address(address)
    if is_within(address, _NOBODY):
        return None
    return ListSubject(
        kind=kind,
        label=reversed_address(address),
        shown=str(address),
        is_ipv6=address.version == 6,  # noqa: PLR2004
        is_connecting=is_connecting,
    )


def domain_subject(kind: Subject, host: str, registered_domain: Callable[[str], str]) -> ListSubject | None:
    """Give what is asked about a host name; None for what is no name, and for one that nobody has registered.

    Lists of domains answer questions about addresses with errors, so what looks like one is not asked about.
    """
    name = to_ascii(host)
    if name is None:
        return None
    registered = registered_domain(name)
    return ListSubject(kind=kind, label=name, shown=name, registered=registered) if registered else None
