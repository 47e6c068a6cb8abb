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
    from collections.abc import Callable, Sequence

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


def _of_sender(
    name: str, kind: Kind, read: Callable[[Message], Sequence[str]], index: tuple[str, ...] = ()
) -> Attribute:
    return Attribute(name=name, kind=kind, read=read, needs=_NEEDS, stage=Stage.MAIL, index=index)


def _of_recipient(
    name: str,
    kind: Kind,
    read: Callable[[Message], Sequence[str]],
    index: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
) -> Attribute:
    return Attribute(
        name=name, kind=kind, read=read, needs=_NEEDS, stage=Stage.RCPT, is_per_recipient=True, index=index, words=words
    )


ENVELOPE = (
    _of_sender("mail_from", Kind.ADDRESS, sender_address, _SENDER_INDEX),
    _of_sender("mail_from.address", Kind.ADDRESS, sender_address, _SENDER_INDEX),
    _of_sender("mail_from.domain", Kind.DOMAIN, _sender_domain, _SENDER_INDEX),
    _of_sender("mail_from.local_part", Kind.TEXT, lambda message: (message.sender.local_part,)),
    _of_recipient("recipient.address", Kind.ADDRESS, recipient_address, _RECIPIENT_INDEX),
    _of_recipient("recipient.domain", Kind.DOMAIN, _recipient_domain, _RECIPIENT_INDEX),
    _of_recipient("recipient.local_part", Kind.TEXT, _recipient_local_part),
    _of_recipient("direction", Kind.WORD, lambda message: (message.direction,), words=DIRECTIONS),
    Attribute(
        name="tenant", kind=Kind.WORD, read=lambda message: (message.tenant,) if message.tenant else (), needs=_NEEDS
    ),
)

RECIPIENT_COUNT = NumberAttribute(
    name="recipients.count", read=lambda message: float(len(message.recipients)), needs=_NEEDS
)
