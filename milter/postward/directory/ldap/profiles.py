# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who in LDAP: profiles with their groups, and people with their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.directory.address import mailbox
from postward.directory.answers import bounded
from postward.directory.fields import plain_text
from postward.directory.ldap.distinguished_name import first_value
from postward.directory.ldap.filter import filled
from postward.directory.profile_answers import GROUP, MAX_PEOPLE, USER
from postward.directory.profile_fields import MAX_GROUPS, people_of, profile_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.directory.address import Mailbox
    from postward.directory.ldap.connections import Entry, LdapConnections
    from postward.directory.ldap.settings import LdapSettings
    from postward.model.profile import Person, Profile

_NAME, _MANAGER = "name", "manager"


class LdapProfiles:
    """Asks as ``LdapSource`` does, over the same connections."""

    def __init__(self, settings: LdapSettings, connections: LdapConnections) -> None:
        self._settings = settings
        self._connections = connections

    def profile(self, address: Mailbox) -> Profile | None:
        """One entry with its groups; what ``group_filter`` finds is a group, where nothing else is said."""
        values = {"address": str(address), "local_part": address.local_part, "domain": address.domain}
        entry = self._entry(values)
        fields = self._fields(entry) if entry is not None else {}
        is_group = not fields.get("kind") and self._is_group(address)
        if entry is None and not is_group:
            return None
        return profile_entry(
            address,
            fields,
            default_kind=GROUP if is_group else USER,
            groups=() if entry is None else set(self._groups(entry, values)),
            other_addresses=() if entry is None else _values(entry, self._settings.other_address_attributes),
        )

    def people(self) -> tuple[Person, ...]:
        """All that have a name and an address."""
        settings = self._settings
        name = settings.profile_attributes.get(_NAME)
        if settings.people_filter is None or name is None:
            return ()
        attributes = settings.address_attributes
        entries = self._connections.search_all(settings.people_filter, (name, *attributes), MAX_PEOPLE)
        return people_of(
            (first, address)
            for entry in entries
            for first in entry.get(name.lower(), ())[:1]
            for address in _values(entry, attributes)
        )

    def _entry(self, values: dict[str, str]) -> Entry | None:
        settings = self._settings
        if settings.profile_filter is None:
            return None
        attributes = [*settings.profile_attributes.values(), *settings.other_address_attributes]
        attributes += [settings.member_of_attribute] if settings.member_of_attribute else []
        return next(iter(self._connections.search(filled(settings.profile_filter, values), attributes, 1)), None)

    def _fields(self, entry: Entry) -> dict[str, str]:
        attributes = self._settings.profile_attributes
        fields = {
            field: plain_text(next(iter(_values(entry, (attribute,))), None)) for field, attribute in attributes.items()
        }
        return fields | {_MANAGER: self._address_of(fields.get(_MANAGER, ""))}

    def _address_of(self, manager: str) -> str:
        """Of a manager, who mostly stands there as the name of an entry; "" for one that is gone."""
        if not manager or mailbox(manager) is not None:
            return manager
        entry = self._connections.read(manager, self._settings.address_attributes)
        found = _values(entry, self._settings.address_attributes) if entry is not None else ()
        return next((plain_text(value) for value in found), "")

    def _groups(self, entry: Entry, values: dict[str, str]) -> Iterator[str]:
        settings = self._settings
        if settings.member_of_attribute is not None:
            found = _values(entry, (settings.member_of_attribute,))
            yield from (first_value(plain_text(value)) for value in found)
        if settings.profile_group_filter is not None:
            query = filled(settings.profile_group_filter, values | {"dn": entry["dn"][0].decode()})
            names = settings.group_name_attributes
            for group in self._connections.search(query, names, MAX_GROUPS):
                yield from map(plain_text, _values(group, names))

    def _is_group(self, address: Mailbox) -> bool:
        template = self._settings.group_filter
        if template is None:
            return False
        return bool(self._connections.search(filled(template, {"group": str(address)}), (), MAX_GROUPS))


def _values(entry: Entry, attributes: Iterable[str]) -> list[bytes]:
    values = (value for attribute in attributes for value in entry.get(attribute.lower(), ()))
    return bounded(values, MAX_GROUPS, "values of one entry")
