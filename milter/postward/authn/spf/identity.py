# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity that is checked, and the domain in it (RFC 7208 sections 2.3, 2.4 and 4.3)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from postward.dns.names import to_ascii
from postward.model.envelope import EnvelopeAddress
from postward.model.spf import SpfScope

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress

POSTMASTER = "postmaster"
MAX_SHOWN_CHARACTERS = 320
"""As much of a domain or identity as a result shows: a path with the longest local part and domain."""

_DOMAIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


def split_identity(identity: str, helo: str, scope: SpfScope) -> tuple[str, str]:
    """Local part and domain, as written; a HELO name is all domain, whatever it holds."""
    if scope is SpfScope.HELO:
        return POSTMASTER, helo
    address = EnvelopeAddress(identity)
    # RFC 7208 section 4.3: a sender without a local part is the postmaster, whether or not an "@" stands before it.
    return address.local_part or POSTMASTER, address.domain if "@" in identity else identity


def checkable_domain(text: str) -> str | None:
    """The domain as an A-label in lower case; None where check_host() gives "none" without a look.

    RFC 7208 section 4.3: malformed, longer than a name can be, or a single label; an address is no domain.
    """
    domain = to_ascii(text)
    if domain is None or not _DOMAIN.fullmatch(domain):
        return None
    # No top-level domain is all digits (RFC 3696 section 2): this is an address without its brackets.
    return None if domain.rpartition(".")[2].isdigit() else domain


def macro_address(client: IpAddress) -> str:
    """RFC 7208 section 7.3, %{i}: dotted quad, or for IPv6 dotted nibbles."""
    return str(client) if isinstance(client, IPv4Address) else ".".join(client.exploded.replace(":", ""))
