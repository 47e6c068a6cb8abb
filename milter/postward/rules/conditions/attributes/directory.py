# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory says of sender and recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.attribute import Attribute, Kind, TruthAttribute
from postward.rules.conditions.domain_test import folded_address
from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.profile import Profile
    from postward.rules.message.message import Message

_NEEDS = frozenset({Need.DIRECTORY, Need.ENVELOPE})
_KINDS = ("user", "group", "alias", "shared", "room")
WHOSE = ("sender", "recipient")


def attribute_of(whose: str, name: str) -> Attribute:
    """Give an attribute that the directory has under this name."""
    key = name.lower()
    return _attribute(whose, f"attribute {name}", Kind.TEXT, lambda profile: _given(_value(profile, key)))


def _value(profile: Profile, key: str) -> str:
    return next((value for name, value in profile.attributes.items() if name.lower() == key), "")


def _attribute(
    whose: str,
    name: str,
    kind: Kind,
    read: Callable[[Profile], Sequence[str]],
    *,
    words: tuple[str, ...] = (),
    index: tuple[str, ...] = (),
) -> Attribute:
    is_recipient = whose == "recipient"

    def read_profile(message: Message) -> Sequence[str]:
        profile = message.recipient_profile if is_recipient else message.sender_profile
        return read(profile) if profile is not None else ()

    return Attribute(
        name=f"{whose}.{name}",
        kind=kind,
        read=read_profile,
        needs=_NEEDS,
        stage=Stage.RCPT if is_recipient else Stage.MAIL,
        is_per_recipient=is_recipient,
        words=words,
        index=index,
    )


def _given(text: str) -> Sequence[str]:
    return (text,) if text else ()


def group_names(profile: Profile) -> Sequence[str]:
    """Give the groups by their whole names, and without the domain that some directories write behind them."""
    names = sorted(profile.groups)
    return list(dict.fromkeys([*names, *(name.partition("@")[0] for name in names)]))


def _manager(profile: Profile) -> Sequence[str]:
    return (folded_address(profile.manager),) if profile.manager else ()


def _knows(message: Message) -> bool | None:
    return message.directory.knows(message.recipient.address) if message.recipient is not None else None


DIRECTORY = tuple(
    attribute
    for whose in WHOSE
    for attribute in (
        _attribute(whose, "group", Kind.WORD, group_names, index=(f"{whose}.group",)),
        _attribute(whose, "kind", Kind.WORD, lambda profile: (profile.kind,), words=_KINDS),
        _attribute(whose, "name", Kind.TEXT, lambda profile: _given(profile.name)),
        _attribute(whose, "manager", Kind.ADDRESS, _manager),
    )
)
SENDER_ADDRESS = Attribute(
    name="sender.address",
    kind=Kind.ADDRESS,
    read=lambda message: (folded_address(message.sender_address),) if message.sender_address else (),
    needs=frozenset({Need.ENVELOPE}),
    stage=Stage.MAIL,
)
RECIPIENT_EXISTS = TruthAttribute(
    name="recipient.exists", read=_knows, needs=_NEEDS, stage=Stage.RCPT, is_per_recipient=True
)
