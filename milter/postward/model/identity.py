# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a reputation is about: an address, a network, a domain, one of our own senders."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class IdentityKind(StrEnum):
    """The kinds; the value is the word for people: ``ip:192.0.2.1``."""

    ALL = "all"
    """Everybody, for what is expected of those of whom nothing is known; its name is empty."""
    IP = "ip"
    NETWORK = "net"
    """The /24 of an IPv4 address, the /64 and the /48 of an IPv6 address, as 192.0.2.0/24."""
    ASN = "asn"
    """The number of the autonomous system, in digits."""
    HELO = "helo"
    """A HELO name whose address leads to the client, and back."""
    SPF_DOMAIN = "spf"
    """The envelope sender's domain, where SPF passes."""
    DKIM_DOMAIN = "dkim"
    """The domain of a signature that passes."""
    AUTHOR_DOMAIN = "from"
    """The domain of the From field, where DMARC passes."""
    ORGANIZATION = "org"
    """The organizational domain above one of these."""
    PAIR = "pair"
    """An authenticated sender address and the client that it came from, as ADDRESS/IP."""
    LOGIN = "login"
    """One of our own users, as the MTA authenticated it."""
    TENANT = "tenant"
    """One of our own domains, which users send for."""
    OUTGOING_IP = "outgoing"
    """An address of ours that mail goes out from."""

    __hash__ = str.__hash__
    """Enum's own is written in Python, and kinds are looked up hundreds of times a message."""


OWN_KINDS = frozenset({IdentityKind.LOGIN, IdentityKind.TENANT, IdentityKind.OUTGOING_IP})
"""Our own senders: of these there is a fast window too."""


class Identity(NamedTuple):
    """One identity; domains are A-labels in lower case, addresses as Python's ipaddress writes them.

    A tuple, for it is looked up a hundred times a message, and a dataclass works out its hash in Python each time.
    """

    kind: IdentityKind
    name: str = ""

    def __str__(self) -> str:
        """As people write it; may hold text from outside."""
        return f"{self.kind.value}:{self.name}" if self.name else self.kind.value


EVERYBODY = Identity(IdentityKind.ALL)
