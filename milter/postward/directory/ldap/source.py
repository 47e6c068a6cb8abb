# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains, recipients, senders and people from an LDAP server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.directory.address import Mailbox
from postward.directory.answers import MAX_NETWORKS, bounded, network_senders, own_patterns, split_patterns
from postward.directory.entry import Known
from postward.directory.fields import domain_entry, plain_text
from postward.directory.ldap.connections import LdapConnections, first_of
from postward.directory.ldap.filter import filled
from postward.directory.ldap.profiles import LdapProfiles
from postward.directory.rights import MAX_MEMBERS, MAX_PATTERNS, sender_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.directory.entry import DomainEntry, SenderEntry
    from postward.directory.ldap.connections import Entry
    from postward.directory.ldap.settings import LdapSettings
    from postward.directory.source import NetworkSenders
    from postward.model.profile import Person, Profile

_MAX_ENTRIES = 100
"""Of one sender, with its aliases and groups, or of one group."""


class LdapSource:
    """Made after a fork: connections do not survive one."""

    name = "ldap"
    is_immediate = False

    def __init__(self, settings: LdapSettings) -> None:
        self._settings = settings
        self._connections = LdapConnections(settings)
        self._profiles = LdapProfiles(settings, self._connections)

    def domain(self, name: str) -> DomainEntry | None:
        """The one entry that ``domain_filter`` finds."""
        attributes = self._settings.domain_attributes
        entries = self._search(self._settings.domain_filter, {"domain": name}, attributes.values(), 1)
        if not entries:
            return None
        return domain_entry(name, {field: first_of(entries[0], attribute) for field, attribute in attributes.items()})

    def recipient(self, local_part: str, domain: str) -> Known:
        """Any entry that ``recipient_filter`` finds will do."""
        if self._settings.recipient_filter is None:
            return Known.NOT_HOSTED
        values = {"address": f"{local_part}@{domain}", "local_part": local_part, "domain": domain}
        return Known.YES if self._search(self._settings.recipient_filter, values, (), _MAX_ENTRIES) else Known.NO

    def sender(self, login: str) -> SenderEntry | None:
        """All entries that ``sender_filter`` finds together: the sender's own, and those of its aliases and groups."""
        settings = self._settings
        name, at, domain = login.rpartition("@")
        values = {"login": login, "local_part": name if at else login, "domain": domain if at else ""}
        entries = self._search(settings.sender_filter, values, self._sender_attributes(), _MAX_ENTRIES)
        if not entries:
            return None
        patterns = split_patterns(self._patterns(entries))
        return sender_entry(
            login,
            (*own_patterns(login), *bounded(patterns, MAX_PATTERNS, "patterns for one sender")),
            tenant=next((tenant for entry in entries if (tenant := self._tenant(entry))), ""),
            members=self._members,
        )

    def networks(self) -> NetworkSenders:
        """Those of all entries that ``network_filter`` finds."""
        settings = self._settings
        if settings.network_attribute is None:
            return ()
        entries = self._search(
            settings.network_filter, {}, (*self._sender_attributes(), settings.network_attribute), MAX_NETWORKS
        )
        return network_senders(self._network_rows(entries, settings.network_attribute), self._members)

    def profile(self, local_part: str, domain: str) -> Profile | None:
        """The one entry that ``profile_filter`` finds, with its groups; see ``profiles.LdapProfiles``."""
        return self._profiles.profile(Mailbox(local_part, domain))

    def people(self) -> tuple[Person, ...]:
        """All entries that ``people_filter`` finds."""
        return self._profiles.people()

    def close(self) -> None:
        """End the connections that are not in use."""
        self._connections.close()

    def _network_rows(self, entries: Iterable[Entry], attribute: str) -> Iterator[tuple[object, object, object]]:
        for entry in entries:
            for network in entry.get(attribute.lower(), ()):
                for pattern in self._patterns([entry]):
                    yield network, pattern, self._tenant(entry)

    def _sender_attributes(self) -> tuple[str, ...]:
        tenant = self._settings.tenant_attribute
        return (*self._settings.pattern_attributes, *((tenant,) if tenant else ()))

    def _patterns(self, entries: Iterable[Entry]) -> Iterator[bytes]:
        for entry in entries:
            for attribute in self._settings.pattern_attributes:
                yield from entry.get(attribute.lower(), ())

    def _tenant(self, entry: Entry) -> str:
        attribute = self._settings.tenant_attribute
        return plain_text(first_of(entry, attribute)) if attribute else ""

    def _members(self, group: Mailbox) -> list[str]:
        attributes = self._settings.member_attributes
        entries = self._search(self._settings.group_filter, {"group": str(group)}, attributes, _MAX_ENTRIES)
        values = (value for entry in entries for attribute in attributes for value in entry.get(attribute.lower(), ()))
        return [plain_text(value) for value in bounded(values, MAX_MEMBERS, "members of a group")]

    def _search(
        self, template: str | None, values: dict[str, str], attributes: Iterable[str], most: int
    ) -> list[Entry]:
        if template is None:
            return []
        return self._connections.search(filled(template, values), attributes, most)
