# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who in the domains that are held in memory: profiles, and people with their addresses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.directory.address import Mailbox
from postward.directory.profile_answers import GROUP, USER, merged_people
from postward.model.profile import Person, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """What a file says of one address; addresses without a domain belong to the file's."""

    name: str = ""
    kind: str | None = None
    """None leaves it to what the address is else."""
    groups: frozenset[str] = frozenset()
    """In lower case; besides those that have the address as a member."""
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    manager: str = ""
    other_addresses: frozenset[str] = frozenset()


_NOTHING_MORE = PersonRecord()


class TableProfiles:
    """Raises UnusableAnswer when it is made of too many people."""

    def __init__(
        self,
        people: Mapping[Mailbox, PersonRecord],
        *,
        recipients: Iterable[Mailbox],
        aliases: Mapping[Mailbox, frozenset[str]],
        groups: Mapping[Mailbox, frozenset[str]],
    ) -> None:
        """Aliases and groups come with all their members, as addresses."""
        self._records = people
        self._kinds = dict.fromkeys(recipients, USER) | dict.fromkeys(aliases, "alias") | dict.fromkeys(groups, GROUP)
        self._groups = _groups_by_member(groups)
        self._aliases = _aliases_of_one(aliases)
        for mailbox, record in people.items():
            self._groups[str(mailbox)] |= self._named_groups(mailbox, record)
        self.people = merged_people(self._named())

    def profile(self, mailbox: Mailbox) -> Profile | None:
        """Of a recipient, an alias, a group, whoever is described, and every member of a group."""
        address = str(mailbox)
        record = self._records.get(mailbox)
        groups = self._groups.get(address)
        if record is None and groups is None and mailbox not in self._kinds:
            return None
        record = record or _NOTHING_MORE
        return Profile(
            address=address,
            kind=record.kind or self._kinds.get(mailbox, USER),
            name=record.name,
            groups=frozenset(groups or ()),
            attributes=record.attributes,
            manager=_whole(record.manager, mailbox),
            other_addresses=_others(record, mailbox),
        )

    def _named_groups(self, mailbox: Mailbox, record: PersonRecord) -> set[str]:
        """Those that the record names; each that is a group of the same domain also by its address, with its own."""
        found = set(record.groups)
        for name in record.groups:
            group = Mailbox(name, mailbox.domain)
            if self._kinds.get(group) == GROUP:
                found |= {str(group), *self._groups.get(str(group), ())}
        return found

    def _named(self) -> Iterator[Person]:
        for mailbox, record in self._records.items():
            if record.name:
                address = str(mailbox)
                own = {address, *_others(record, mailbox), *self._aliases.get(address, ())}
                yield Person(name=record.name, addresses=frozenset(own))


def _groups_by_member(groups: Mapping[Mailbox, frozenset[str]]) -> defaultdict[str, set[str]]:
    """Each group by the local part that it is known by, and by its whole address."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group, members in groups.items():
        for member in members:
            found[member] |= {group.local_part, str(group)}
    return found


def _aliases_of_one(aliases: Mapping[Mailbox, frozenset[str]]) -> Mapping[str, set[str]]:
    """Aliases behind which there is one address only, by that address."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for alias, members in aliases.items():
        if len(members) == 1:
            found[next(iter(members))].add(str(alias))
    return found


def _others(record: PersonRecord, mailbox: Mailbox) -> frozenset[str]:
    return frozenset(_whole(address, mailbox) for address in record.other_addresses)


def _whole(address: str, mailbox: Mailbox) -> str:
    return address if "@" in address or not address else f"{address}@{mailbox.domain}"
