# SPDX-License-Identifier: GPL-3.0-or-later
"""The source that is held in memory: domains as they were read from files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.directory.address import Mailbox
from postward.directory.entry import Known
from postward.directory.rights import expanded, sender_entry
from postward.directory.table_profiles import PersonRecord, TableProfiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from postward.directory.entry import DomainEntry, SenderEntry
    from postward.directory.source import NetworkSenders
    from postward.model.ip_address import IpNetwork
    from postward.model.profile import Person, Profile

ALL_RECIPIENTS = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRecord:
    """What some logins, and clients of some networks, may use besides what is theirs anyway."""

    patterns: tuple[str, ...]
    logins: tuple[str, ...] = ()
    """In lower case; those without a domain belong to the record's."""
    networks: tuple[IpNetwork, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRecord:
    """One domain with all that is known of it."""

    entry: DomainEntry
    recipients: frozenset[str] | None = None
    """Local parts in lower case, or ``*`` for all; None says nothing of them."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By local part, the addresses behind it; those without a domain belong to this one."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The same for groups."""
    senders: tuple[SenderRecord, ...] = ()
    people: Mapping[str, PersonRecord] = field(default_factory=lambda: MappingProxyType({}))
    """By local part in lower case."""


class Table:
    """All records, with the rights of every login worked out; never fails, but raises UnusableAnswer when it is made.

    A login without a domain stands for the one of that name in the domain that has it, where only one domain has.
    """

    name = "files"
    is_immediate = True

    def __init__(self, records: Sequence[DomainRecord]) -> None:
        self._records = {record.entry.name: record for record in records}
        self._gatherings = {
            Mailbox(name, record.entry.name): members
            for record in records
            for name, members in (*record.aliases.items(), *record.groups.items())
        }
        self._expanded = {
            gathering: frozenset(expanded([gathering], self._members) - {str(gathering)})
            for gathering in self._gatherings
        }
        self._recipients = {name: _recipients(record) for name, record in self._records.items()}
        self._senders = {login: self._entry(login, patterns) for login, patterns in self._patterns().items()}
        self._qualified = _unambiguous(self._senders)
        self._networks = tuple(self._network_entries())
        self._profiles = self._make_profiles()

    def domain(self, name: str) -> DomainEntry | None:
        """A hosted domain."""
        record = self._records.get(name)
        return record.entry if record else None

    def recipient(self, local_part: str, domain: str) -> Known:
        """Recipients, aliases and groups exist."""
        record = self._records.get(domain)
        if record is None:
            return Known.NOT_HOSTED
        recipients = self._recipients[domain]
        if local_part in recipients or ALL_RECIPIENTS in recipients:
            return Known.YES
        return Known.NOT_HOSTED if record.recipients is None else Known.NO

    def sender(self, login: str) -> SenderEntry | None:
        """Every recipient, every member of an alias or group, and every login that is named."""
        return self._senders.get(login if "@" in login else self._qualified.get(login, ""))

    def networks(self) -> NetworkSenders:
        """What clients may use that do not log in."""
        return self._networks

    def profile(self, local_part: str, domain: str) -> Profile | None:
        """Of every recipient, alias and group, and of every member of a group, wherever it is."""
        return self._profiles.profile(Mailbox(local_part, domain))

    def people(self) -> tuple[Person, ...]:
        """All that have a name."""
        return self._profiles.people

    def close(self) -> None:
        """Nothing is open."""

    def _make_profiles(self) -> TableProfiles:
        records = self._records.items()
        aliases = {Mailbox(alias, name) for name, record in records for alias in record.aliases}
        return TableProfiles(
            {Mailbox(person, name): found for name, record in records for person, found in record.people.items()},
            recipients=[
                Mailbox(local_part, name)
                for name, record in records
                for local_part in (record.recipients or frozenset()) - {ALL_RECIPIENTS}
            ],
            aliases={gathering: members for gathering, members in self._expanded.items() if gathering in aliases},
            groups={gathering: members for gathering, members in self._expanded.items() if gathering not in aliases},
        )

    def _patterns(self) -> Mapping[str, list[str]]:
        """By login, all that it may use, as patterns."""
        patterns: defaultdict[str, list[str]] = defaultdict(list)
        for name, record in self._records.items():
            for local_part in (record.recipients or frozenset()) - {ALL_RECIPIENTS}:
                patterns[f"{local_part}@{name}"].append(f"{local_part}@{name}")
            for sender in record.senders:
                for login in sender.logins:
                    patterns[login if "@" in login else f"{login}@{name}"] += _qualify(sender.patterns, name)
        for gathering, members in self._expanded.items():
            for member in members:
                patterns[member].append(str(gathering))
        return patterns

    def _entry(self, login: str, patterns: list[str]) -> SenderEntry:
        record = self._records.get(login.rpartition("@")[2])
        return sender_entry(
            login,
            dict.fromkeys((login, *patterns)),
            tenant=record.entry.tenant if record else "",
            members=self._members,
        )

    def _network_entries(self) -> Iterator[tuple[IpNetwork, SenderEntry]]:
        patterns: defaultdict[IpNetwork, list[str]] = defaultdict(list)
        tenants: dict[IpNetwork, str] = {}
        for name, record in self._records.items():
            for sender in record.senders:
                for network in sender.networks:
                    patterns[network] += _qualify(sender.patterns, name)
                    tenants.setdefault(network, record.entry.tenant)
        for network, given in patterns.items():
            yield (
                network,
                sender_entry(str(network), dict.fromkeys(given), tenant=tenants[network], members=self._members),
            )

    def _members(self, group: Mailbox) -> Iterator[str]:
        """Those behind a group or alias, with those that are groups or aliases themselves marked as such."""
        for text in self._gatherings.get(group, ()):
            local_part, at, domain = text.partition("@")
            member = Mailbox(local_part, domain if at else group.domain)
            yield f"group:{member}" if member in self._gatherings else str(member)


def _recipients(record: DomainRecord) -> frozenset[str]:
    return frozenset((*(record.recipients or ()), *record.aliases, *record.groups))


def _qualify(patterns: Iterable[str], domain: str) -> list[str]:
    """Add the domain to those that stand for an address or a group of it."""
    return [text if "@" in text or text.startswith("*") else f"{text}@{domain}" for text in patterns]


def _unambiguous(logins: Iterable[str]) -> dict[str, str]:
    """By name without domain, the one login that has it; rights of one domain's alice are not those of another's."""
    found: dict[str, str] = {}
    seen_twice = set()
    for login in logins:
        name = login.rpartition("@")[0]
        if name in found:
            seen_twice.add(name)
        found[name] = login
    return {name: login for name, login in found.items() if name not in seen_twice}
