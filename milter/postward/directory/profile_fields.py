# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles and people from named values, as rows, hashes or LDAP entries give them; every value is checked."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.directory.address import Mailbox, mailbox
from postward.directory.answers import bounded, split_patterns
from postward.directory.fields import MAX_FIELDS, plain_text
from postward.directory.profile_answers import KINDS, MAX_NAMED_ADDRESSES, MAX_PEOPLE, USER
from postward.directory.source import UnusableAnswer
from postward.model.profile import Person, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_GROUPS = 1_000
"""That one address is in."""
MAX_ADDRESSES = 100
"""Of one person elsewhere."""
_MAX_NAME_LENGTH = 256


def profile_entry(
    address: Mailbox,
    fields: Mapping[str, object],
    *,
    default_kind: str = USER,
    groups: Iterable[object] = (),
    other_addresses: Iterable[object] = (),
) -> Profile:
    """Make the profile of an address: ``name``, ``kind``, ``manager``, and others as attributes.

    ``groups`` are names, one each; of ``other_addresses`` each may hold several, with commas or white space between
    them.  What is None or empty counts as absent.  Raises UnusableAnswer.
    """
    if len(fields) > MAX_FIELDS:
        raise UnusableAnswer(f"more than {MAX_FIELDS} fields of an address")
    given = {key: text for key, value in fields.items() if (text := plain_text(value))}
    addresses = bounded(split_patterns(other_addresses), MAX_ADDRESSES, "other addresses of one")
    names = (plain_text(group).lower() for group in bounded(groups, MAX_GROUPS, "groups of one address"))
    return Profile(
        address=str(address),
        kind=_kind(given.pop("kind", default_kind)),
        name=_name(given.pop("name", "")),
        groups=frozenset(name for name in names if name),
        manager=_address(given.pop("manager", ""), address.domain),
        attributes=MappingProxyType(given),
        other_addresses=frozenset(_address(text, address.domain) for text in addresses),
    )


def split_names(values: Iterable[object]) -> Iterator[str]:
    """Every value may hold several names, with commas between them."""
    for value in values:
        yield from (name.strip() for name in plain_text(value).split(","))


def people_of(rows: Iterable[tuple[object, object]]) -> tuple[Person, ...]:
    """From names and addresses, several in one value too; the rows of one name add up.

    A row that cannot be used is passed over: whoever may choose his own name must not make all others unknown.
    Raises UnusableAnswer for more than ``MAX_NAMED_ADDRESSES`` rows, or ``MAX_PEOPLE`` names.
    """
    names: dict[str, str] = {}
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    for name_value, given in bounded(rows, MAX_NAMED_ADDRESSES, "addresses of people"):
        with suppress(UnusableAnswer):
            name, found = _name(plain_text(name_value)), {_address(text, "") for text in split_patterns([given])}
            if name and found:
                names.setdefault(name.casefold(), name)
                addresses[name.casefold()] |= found
    if len(names) > MAX_PEOPLE:
        raise UnusableAnswer(f"more than {MAX_PEOPLE} people")
    return tuple(Person(name=name, addresses=frozenset(addresses[key])) for key, name in names.items())


def _kind(text: str) -> str:
    kind = text.lower()
    if kind not in KINDS:
        raise UnusableAnswer(f"the kind of an address is none of {', '.join(KINDS)}")
    return kind


def _name(text: str) -> str:
    if len(text) > _MAX_NAME_LENGTH:
        raise UnusableAnswer("a name is too long")
    return text


def _address(text: str, default_domain: str) -> str:
    if not text:
        return ""
    found = mailbox(text if "@" in text else f"{text}@{default_domain}")
    if found is None:
        raise UnusableAnswer("what should be an address is none")
    return str(found)
