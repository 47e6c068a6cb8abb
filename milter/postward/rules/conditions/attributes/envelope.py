# SPDX-License-Identifier: GPL-3.0-or-later
"""Of the envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.attribute import Attribute, Kind, NumberAttribute
from postward.rules.conditions.domain_test import folded_address, folded_domain
from postward.rules.needs import Need
from postward.rules.rule_directions import DIRECTIONS
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.rules.message.message import Message

_NEEDS = frozenset({Need.ENVELOPE})
_SENDER_INDEX = ("mail_from",)
_RECIPIENT_INDEX = ("recipient",)


def sender_address(message: Message) -> Sequence[str]:
    """Give the envelope sender, folded; the null path is one too."""
    return (folded_address(message.sender.text),)


def recipient_address(message: Message) -> Sequence[str]:
    """Give the recipient that is looked at, folded."""
    return (folded_address(message.recipient.address),) if message.recipient is not None else ()


def _sender_domain(message: Message) -> Sequence[str]:
    return (folded_domain(message.sender.domain),) if message.sender.domain else ()


def _recipient_domain(message: Message) -> Sequence[str]:
    return (folded_domain(message.recipient.domain),) if message.recipient is not None else ()


def _recipient_local_part(message: Message) -> Sequence[str]:
    return (message.recipient.local_part,) if message.recipient is not None else ()


ENVELOPE = (
    Attribute(
        name="mail_from",
        kind=Kind.ADDRESS,
        read=sender_address,
        needs=_NEEDS,
        stage=Stage.MAIL,
        index=_SENDER_INDEX,
    ),
    Attribute(
        name="mail_from.address",
        kind=Kind.ADDRESS,
        read=sender_address,
        needs=_NEEDS,
        stage=Stage.MAIL,
        index=_SENDER_INDEX,
    ),
    Attribute(
        name="mail_from.domain",
        kind=Kind.DOMAIN,
        read=_sender_domain,
        needs=_NEEDS,
        stage=Stage.MAIL,
        index=_SENDER_INDEX,
    ),
    Attribute(
        name="mail_from.local_part",
        kind=Kind.TEXT,
        read=lambda message: (message.sender.local_part,),
        needs=_NEEDS,
        stage=Stage.MAIL,
    ),
    Attribute(
        name="recipient.address",
        kind=Kind.ADDRESS,
        read=recipient_address,
        needs=_NEEDS,
        stage=Stage.RCPT,
        is_per_recipient=True,
        index=_RECIPIENT_INDEX,
    ),
    Attribute(
        name="recipient.domain",
        kind=Kind.DOMAIN,
        read=_recipient_domain,
        needs=_NEEDS,
        stage=Stage.RCPT,
        is_per_recipient=True,
        index=_RECIPIENT_INDEX,
    ),
    Attribute(
        name="recipient.local_part",
        kind=Kind.TEXT,
        read=_recipient_local_part,
        needs=_NEEDS,
        stage=Stage.RCPT,
        is_per_recipient=True,
    ),
    Attribute(
        name="direction",
        kind=Kind.WORD,
        read=lambda message: (message.direction,),
        needs=_NEEDS,
        stage=Stage.RCPT,
        is_per_recipient=True,
        words=DIRECTIONS,
    ),
    Attribute(
        name="tenant", kind=Kind.WORD, read=lambda message: (message.tenant,) if message.tenant else (), needs=_NEEDS
    ),
)

RECIPIENT_COUNT = NumberAttribute(
    name="recipients.count", read=lambda message: float(len(message.recipients)), needs=_NEEDS
)
