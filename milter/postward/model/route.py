# SPDX-License-Identifier: GPL-3.0-or-later
"""Another way for mail than the usual one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A transport of the MTA, and where it delivers to."""

    transport: str
    """Name of a service, such as ``smtp``."""
    next_hop: str = ""
    """``[host]:port``, ``host`` and the like; "" leaves each recipient's own domain."""

    def __str__(self) -> str:
        return f"{self.transport}:{self.next_hop}"
