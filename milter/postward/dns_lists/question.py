# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that a list is asked for (RFC 5782 sections 2.1, 2.4 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns.names import MAX_NAME_CHARACTERS

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress


def reversed_address(address: IpAddress) -> str:
    """Octets of IPv4, nibbles of IPv6, the last one first."""
    # What follows stands in the reverse tree of DNS: in-addr.arpa, ip6.arpa.
    return address.reverse_pointer.removesuffix(".arpa").rpartition(".")[0]


def question(subject: str, suffix: str) -> str:
    """Return the name to ask for; "" where it would be longer than a name can be."""
    name = f"{subject}.{suffix}"
    return name if len(name) <= MAX_NAME_CHARACTERS else ""
