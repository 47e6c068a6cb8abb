# SPDX-License-Identifier: GPL-3.0-or-later
"""Of the header; a field may be there several times, and every one of them counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.attribute import Attribute, Kind, NumberAttribute
from postward.rules.conditions.attributes.envelope import sender_address
from postward.rules.conditions.domain_test import folded_address, folded_domain
from postward.rules.needs import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from postward.mime.address_list import Mailbox
    from postward.rules.message.message import Message

_NEEDS = frozenset({Need.HEADERS})
_BOTH_NEEDS = frozenset({Need.HEADERS, Need.ENVELOPE})
_FROM_INDEX = ("from",)


def header_attribute(name: str) -> Attribute:
    """Give the fields of one name."""
    return Attribute(
        name=f"header {name}",
        kind=Kind.TEXT,
        read=lambda message: message.headers.get_all(name),
        needs=_NEEDS,
        index=(f"header:{name.lower()}",),
    )


def header_count(name: str) -> NumberAttribute:
    """Give how many fields of one name there are."""
    return NumberAttribute(
        name=f"header {name} count", read=lambda message: float(len(message.headers.all(name))), needs=_NEEDS
    )


def from_addresses(message: Message) -> Sequence[str]:
    """Give the addresses of all authors, folded."""
    return _addresses(message.from_all)


def _addresses(mailboxes: Iterable[Mailbox]) -> Sequence[str]:
    return [folded_address(mailbox.address) for mailbox in mailboxes if mailbox.address]


def _domains(mailboxes: Iterable[Mailbox]) -> Sequence[str]:
    return [folded_domain(mailbox.domain) for mailbox in mailboxes if mailbox.domain]


def _names(mailboxes: Iterable[Mailbox]) -> Sequence[str]:
    return [mailbox.name for mailbox in mailboxes if mailbox.name]


def _any_address(message: Message) -> Sequence[str]:
    header = [*message.from_all, *message.to, *message.cc, *message.reply_to]
    recipients = [folded_address(view.address) for view in message.recipients]
    return list(dict.fromkeys([*sender_address(message), *recipients, *_addresses(header)]))


def _attribute(
    name: str, kind: Kind, read: Callable[[Message], Sequence[str]], index: tuple[str, ...] = ()
) -> Attribute:
    return Attribute(name=name, kind=kind, read=read, needs=_NEEDS, index=index)


def _of_field(
    name: str, read: Callable[[Message], tuple[Mailbox, ...]], index: tuple[str, ...] = ()
) -> tuple[Attribute, ...]:
    """Give the attributes of a field that holds addresses."""
    return (
        _attribute(name, Kind.ADDRESS, lambda message: _addresses(read(message)), index),
        _attribute(f"{name}.address", Kind.ADDRESS, lambda message: _addresses(read(message)), index),
        _attribute(f"{name}.domain", Kind.DOMAIN, lambda message: _domains(read(message)), index),
        _attribute(f"{name}.display_name", Kind.TEXT, lambda message: _names(read(message))),
    )


HEADER = (
    *_of_field("from", lambda message: message.from_all, _FROM_INDEX),
    *_of_field("to", lambda message: message.to),
    *_of_field("cc", lambda message: message.cc),
    *_of_field("reply_to", lambda message: message.reply_to),
    Attribute(name="any_address", kind=Kind.ADDRESS, read=_any_address, needs=_BOTH_NEEDS),
    _attribute("subject", Kind.TEXT, lambda message: message.headers.get_all("subject"), ("subject",)),
)
