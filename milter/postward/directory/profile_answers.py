# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles and people from what several sources say of them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.directory.source import UnusableAnswer
from postward.model.profile import Person, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_PEOPLE = 10_000
"""That have a name, in all sources together."""
MAX_NAMED_ADDRESSES = 50_000
"""Of all these people, as one source tells them."""
USER, GROUP = "user", "group"
KINDS = (USER, GROUP, "alias", "shared", "room")
"""See ``model.profile.Profile.kind``."""


def merged_profile(profiles: Sequence[Profile]) -> Profile | None:
    """What all say together: groups, attributes and other addresses add up, of all else the first that says it counts.

    They are of one address; None where there are none.
    """
    if len(profiles) <= 1:
        return next(iter(profiles), None)
    attributes: dict[str, str] = {}
    for profile in profiles:
        attributes = dict(profile.attributes) | attributes
    return Profile(
        address=profiles[0].address,
        # A source that says nothing of the kind has "user".
        kind=next((profile.kind for profile in profiles if profile.kind != USER), USER),
        name=next((profile.name for profile in profiles if profile.name), ""),
        groups=frozenset().union(*(profile.groups for profile in profiles)),
        attributes=MappingProxyType(attributes),
        manager=next((profile.manager for profile in profiles if profile.manager), ""),
        other_addresses=frozenset().union(*(profile.other_addresses for profile in profiles)),
    )


def merged_people(people: Iterable[Person]) -> tuple[Person, ...]:
    """One for each name, whatever its case: namesakes have the same right to it.

    Raises UnusableAnswer where there are more than ``MAX_PEOPLE``.
    """
    by_name: dict[str, Person] = {}
    for person in people:
        key = person.name.casefold()
        known = by_name.get(key)
        by_name[key] = (
            person if known is None else Person(name=known.name, addresses=known.addresses | person.addresses)
        )
        if len(by_name) > MAX_PEOPLE:
            raise UnusableAnswer(f"more than {MAX_PEOPLE} people")
    return tuple(by_name.values())
