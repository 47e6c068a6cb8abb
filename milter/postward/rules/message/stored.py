# SPDX-License-Identifier: GPL-3.0-or-later
"""A Message from a file and an envelope, without any MTA: for tests of rules and plugins."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from postward.mime.stored_message import take_message
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.ip_address import plain_address
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction
from postward.rules.message.builder import message_of
from postward.rules.message.static_directory import StaticDirectory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postward.model.profile import Profile
    from postward.rules.message.message import Message
    from postward.rules.services import RuleDirectory


def message_from(
    content: bytes,
    *,
    mail_from: str = "",
    recipients: Sequence[str] = (),
    ip: str = "",
    helo: str = "",
    user: str = "",
    hosted: Iterable[str] = (),
    profiles: Iterable[Profile] = (),
    directory: RuleDirectory | None = None,
    now_s: float = 0.0,
) -> Message:
    """Give the Message of a stored message; with ``user`` it is from our own users, else from outside.

    ``hosted`` domains and ``profiles`` stand for the directory, unless there is one.  Nothing is authenticated: use
    ``dataclasses.replace(message, auth=AuthView(...))`` for that.
    """
    transaction = Transaction("test", started_s=now_s)
    client = plain_address(ip_address(ip)) if ip else None
    transaction.connection = Connection(address=client)
    transaction.helo = helo
    transaction.authentication = Authentication(user=user)
    transaction.sender = Sender(address=EnvelopeAddress(mail_from))
    transaction.recipients.extend(Recipient(address=EnvelopeAddress(address)) for address in recipients)
    take_message(transaction, content)
    transaction.origin = Origin(
        direction=Direction.OUTBOUND if user else Direction.INBOUND, reason="a test", client=client, helo=helo
    )
    return message_of(transaction, directory or StaticDirectory(hosted=hosted, profiles=profiles), now_s=now_s)
