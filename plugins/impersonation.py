# SPDX-License-Identifier: GPL-3.0-or-later
"""Mark mail from outside that borrows the name of one of our people.

Bob Boss with a Cyrillic letter, "Boss, Bob" and "Bob Boss | CEO" are Bob Boss; so is a name that shows Bob's address.
His own addresses may use the name, those that the directory knows elsewhere too, unless they are forged (DMARC).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.rules.api import Action, AddScore, Context, Message, PrefixSubject, SetHeader, Tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_RAW_CHARS = 8192
_MAX_CHARS = 320
_MAX_AUTHORS = 20
_MAX_PIECES = 6
_BETWEEN = re.compile(r"\s+[-\u2013\u2014]+\s+|[,|/:;\u2022]")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\"',;:]{1,64}+@[^\s@<>()\[\]\"',;:]{1,255}")
_WORD = re.compile(r"[^\W_]+")
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0")  # letters of Hangul that have no form


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpersonationSettings:
    """See docs/plugins/impersonation.md."""

    tag: str = "impersonation"
    points: float = 3.0
    header: str = ""
    subject_prefix: str = ""
    groups: tuple[str, ...] = ()
    min_words: int = 2
    partner_domains: tuple[str, ...] = ()


@rule(
    id="impersonation",
    needs={"client", "headers", "auth", "directory"},
    may={"tag", "score", "set_header", "prefix_subject"},
    config=ImpersonationSettings,
)
def impersonation(message: Message, config: ImpersonationSettings, context: Context) -> list[Action]:
    """Mark mail from outside that borrows the name of one of our people."""
    if message.origin != "inbound":
        return []
    found = next((kind for author in _authors(message) if (kind := _kind(*author, message, config, context))), "")
    if not found:
        return []
    actions: list[Action] = [Tag(name=config.tag)]
    if config.points:
        actions.append(AddScore(points=config.points))
    if config.header:
        actions.append(SetHeader(name=config.header, value=found))
    return [*actions, PrefixSubject(text=config.subject_prefix)] if config.subject_prefix else actions


def _authors(message: Message) -> Iterator[tuple[str, str]]:
    """Give name and address of each author; without quotes, "Boss, Bob <b@c.example>" is two for a parser."""
    names: list[str] = []
    for mailbox in message.from_all[:_MAX_AUTHORS]:
        names.append(mailbox.name)
        if mailbox.address:
            yield ", ".join(filter(None, names)), mailbox.address.lower()
            names = []
    if any(names):
        yield ", ".join(filter(None, names)), ""


def _kind(name: str, address: str, message: Message, config: ImpersonationSettings, context: Context) -> str:
    """Say what is borrowed; "" for nothing."""
    if _is_partner(address, message, config):
        return ""
    name = _visible(name)
    owners = _by_name(name, config, context)
    if owners and not _is_own(address, owners, message, context):
        return "display name"
    owners = _by_address(name, config, context)
    if owners and not _is_own(address, owners, message, context):
        return "address in the display name"
    return ""


def _visible(name: str) -> str:
    """Give what a reader sees of a name: signs without any width could stand before it by the thousand."""
    seen = (char for char in name[:_MAX_RAW_CHARS] if char.isprintable() and char not in _BLANKS)
    return "".join(char for char in seen if unicodedata.category(char) != "Mn").lstrip("\u2800 .-_")[:_MAX_CHARS]


def _by_name(name: str, config: ImpersonationSettings, context: Context) -> set[str]:
    """Give all addresses of the people of that name, the whole of it or a piece."""
    pieces = [name, *_BETWEEN.split(name, maxsplit=_MAX_PIECES)]
    long = {piece for piece in pieces if len(_WORD.findall(piece)) >= config.min_words}
    people = {person for piece in long for person in context.directory.find_by_display_name(piece)}
    return {
        address.lower()
        for person in people
        if any(_is_protected(address, config, context) for address in person.addresses)
        for address in person.addresses
    }


def _by_address(name: str, config: ImpersonationSettings, context: Context) -> set[str]:
    """Give all addresses of the person whose address is shown as a name."""
    match = _ADDRESS.search(name)
    shown = match.group().lower() if match is not None else ""
    profile = context.directory.profile(shown) if shown else None
    if profile is None or not _is_protected(shown, config, context):
        return set()
    return {profile.address, *(address.lower() for address in profile.other_addresses)}


def _is_protected(address: str, config: ImpersonationSettings, context: Context) -> bool:
    profile = context.directory.profile(address) if config.groups else None
    wanted = {group.lower() for group in config.groups}
    return not wanted or (profile is not None and not wanted.isdisjoint(profile.groups))


def _is_own(address: str, owners: set[str], message: Message, context: Context) -> bool:
    """Whether the author is one whom the name belongs to, and has not been forged."""
    if message.auth.dmarc == "fail" and not message.auth.arc_override:
        return False
    profile = context.directory.profile(address) if len(address) <= _MAX_CHARS else None
    return address in owners or (profile is not None and profile.address in owners)


def _is_partner(address: str, message: Message, config: ImpersonationSettings) -> bool:
    domain = address.rpartition("@")[2]
    return message.auth.dmarc == "pass" and domain in {partner.lower() for partner in config.partner_domains}
