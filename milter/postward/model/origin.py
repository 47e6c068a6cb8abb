# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a message comes from, seen from this host: what it is judged by depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from postward.model.ip_address import IpAddress  # noqa: TC001 - a field type of a dataclass


class Direction(StrEnum):
    """Which way a message goes."""

    INBOUND = "inbound"
    """From outside: judged by every check."""
    OUTBOUND = "outbound"
    """From our own users: not judged by inbound checks."""
    REINJECTED = "reinjected"
    """Came back from a content filter, judged already: left as it is."""
    LOOPBACK = "loopback"
    """From this host with nothing to show for itself: neither trusted nor judged by its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Direction of a message, and the client that the address checks are about."""

    direction: Direction
    reason: str
    """What decided it, in words."""
    client: IpAddress | None
    """The address to judge: the client, or for mail from a trusted relay the one that the relay recorded."""
    helo: str
    """The HELO name that goes with ``client``."""
    client_name: str = ""
    relayed_by: IpAddress | None = None
    """The trusted relay that delivered the message, where one did."""
