# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the values come from that rules are looked up by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.rules.conditions.attribute import Kind
from postward.rules.conditions.attributes.client import CLIENT
from postward.rules.conditions.attributes.content import CONTENT
from postward.rules.conditions.attributes.directory import DIRECTORY, group_names
from postward.rules.conditions.attributes.envelope import ENVELOPE
from postward.rules.conditions.attributes.header import HEADER, header_attribute
from postward.rules.conditions.attributes.results import RESULTS
from postward.rules.conditions.domain_test import folded_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.rules.message.message import Message

HEADER_PREFIX = "header:"
GROUPS = frozenset({"sender.group", "recipient.group"})
_BY_NAME = {attribute.name: attribute for attribute in (*CLIENT, *ENVELOPE, *HEADER, *RESULTS, *CONTENT, *DIRECTORY)}


@dataclass(frozen=True, slots=True)
class Source:
    """Values as they are, and as they are compared."""

    raw: Callable[[Message], Sequence[str]]
    folded: Callable[[Message], Sequence[str]]
    is_domain: bool = False


def source_of(name: str) -> Source:
    """Give the source of an attribute, by the name that the index has for it."""
    if name == "recipient":
        # A rule is looked up for all recipients at once.
        return Source(_recipients, _recipients)
    if name == "recipient.group":
        return Source(_recipient_groups, _recipient_groups)
    is_field = name.startswith(HEADER_PREFIX)
    attribute = header_attribute(name.removeprefix(HEADER_PREFIX)) if is_field else _BY_NAME[name]
    return Source(attribute.read, attribute.folded, attribute.kind is Kind.DOMAIN)


def _recipient_groups(message: Message) -> Sequence[str]:
    profiles = (message.profile(view.address) for view in message.recipients)
    return [name for profile in profiles if profile is not None for name in group_names(profile)]


def _recipients(message: Message) -> Sequence[str]:
    return [folded_address(view.address) for view in message.recipients]
