# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rest of Postward needs from a resolver; DNS comes in as an argument of these types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.answer import Answer, RecordType


class Lookup(Protocol):
    """The one thing that checks do with DNS: ask, and wait for the answer.

    Made for one message, whose budget it keeps.
    """

    def __call__(self, name: str, record_type: RecordType) -> Answer:
        """Look ``name`` up, absolute, with or without a closing dot; never raises.

        A name that cannot stand in DNS (label over 63 octets, over 253 in all, empty label) is NXDOMAIN
        without a query; a U-label is converted (UTS 46).
        """
        ...


class Prefetch(Protocol):
    """Ask ahead: the answer goes to the cache, and to ``then`` if given, on the resolver's thread."""

    def __call__(self, name: str, record_type: RecordType, then: Callable[[Answer], None] | None = None) -> None:
        """Start a look-up without waiting; never raises."""
        ...
