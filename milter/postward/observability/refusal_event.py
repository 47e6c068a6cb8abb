# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipient that was refused, as an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.event import Event, Level
from postward.observability.privacy import show_address

if TYPE_CHECKING:
    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction
    from postward.observability.message_event import MessageEventSettings

EVENT_NAME = "recipient.refused"


def refusal_event(
    transaction: Transaction, recipient: Recipient, reply: Reply, settings: MessageEventSettings, *, now_s: float
) -> Event:
    """Describe it, at Unix time ``now_s``."""
    connection, sender, privacy = transaction.known_connection, transaction.known_sender, settings.addresses
    address = connection.address if connection is not None else None
    return Event(
        name=EVENT_NAME,
        level=Level.INFO,
        time_s=now_s,
        fields={
            "id": transaction.id,
            "client": str(address) if address is not None else None,
            "user": show_address(transaction.authentication.user, privacy) or None,
            "from": show_address(sender.address.text, privacy) if sender is not None else None,
            "rcpt": show_address(recipient.address.text, privacy),
            "reply": f"{reply.code} {reply.enhanced} {reply.text}",
        },
    )
