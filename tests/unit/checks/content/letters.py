# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages as the checks of header and content get them, for the tests of both."""

from __future__ import annotations

import textwrap
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from postward.checks.content.letter import ContentBounds, Letter
from postward.checks.examination import Examination
from postward.dns.public_suffix import open_suffixes
from postward.dns.zone import ZoneLookup
from postward.mime.stored_message import take_message
from postward.model.connection import Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.checks.content.content_check import ContentCheck
    from postward.dns.public_suffix import PublicSuffixes

NOW_S = 1_790_000_000.0
"""Mon, 21 Sep 2026 14:13:20 +0000."""


def letter(
    text: str | bytes,
    *,
    ip: str | None = "198.51.100.7",
    helo: str = "mail.sender.example",
    sender: str = "alice@sender.example",
    recipients: Sequence[str] = ("bob@example.com",),
    zone: object = None,
    now_s: float = NOW_S,
    bounds: ContentBounds | None = None,
    **facts: Any,
) -> Letter:
    """A message from outside; ``text`` may be indented, with an empty line first.

    ``zone`` is what DNS holds, by default nothing at all; ``facts`` are what earlier checks have found (``spf=...``).
    """
    transaction = Transaction("t", started_s=now_s)
    client = ip_address(ip) if ip else None
    transaction.connection = Connection(address=client)
    transaction.origin = Origin(direction=Direction.INBOUND, reason="test", client=client, helo=helo)
    transaction.helo = helo
    transaction.sender = Sender(address=EnvelopeAddress(sender))
    transaction.recipients.extend(Recipient(address=EnvelopeAddress(address)) for address in recipients)
    take_message(transaction, _octets(text))
    for name, value in facts.items():
        setattr(transaction.facts, name, value)
    return Letter(Examination(transaction, ZoneLookup(zone), now_s), suffixes(), bounds or ContentBounds())


def found(check: ContentCheck, message: Letter) -> list[str]:
    """Names of what the check finds, all of which it has declared."""
    names = [finding.name for finding in check.find(message)]
    assert {symbol.name for symbol in check.symbols}.issuperset(names)
    return names


@cache
def suffixes() -> PublicSuffixes:
    """The public suffixes that an installation has."""
    return open_suffixes()


def _octets(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else textwrap.dedent(text).lstrip("\n").encode("utf-8", "surrogateescape")
