# SPDX-License-Identifier: GPL-3.0-or-later
"""From the files of domains.d to the table that answers from memory."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.config.domain_files import load_domain_files
from postward.directory.entry import DomainEntry, DomainSettings
from postward.directory.source import UnusableAnswer
from postward.directory.table import DomainRecord, SenderRecord, Table
from postward.directory.table_profiles import PersonRecord
from postward.errors import ConfigError, ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from postward.config.schema.domain_file import DomainFileSection
    from postward.config.schema.person import PersonSection


def read_table(folder: Path, symbols: Collection[str] | None = None) -> Table | None:
    """All domains of the folder; None where it has none.  Raises ConfigErrors with every fault in it.

    ``symbols`` are the names that their weights may have; None leaves them unchecked.
    """
    records = [_record(file.section) for file in load_domain_files(folder, symbols)]
    try:
        return Table(records) if records else None
    except UnusableAnswer as error:
        raise ConfigErrors([ConfigError(str(folder), 0, "", str(error), "divide what is so large")]) from error


def _record(section: DomainFileSection) -> DomainRecord:
    settings, name = section.settings, section.domain
    return DomainRecord(
        entry=DomainEntry(
            name=name,
            tenant=section.tenant or name,
            settings=DomainSettings(
                suspect_threshold=settings.suspect_threshold,
                junk_threshold=settings.junk_threshold,
                reject_threshold=settings.reject_threshold,
                weights=settings.weights,
                on_dmarc_reject=settings.on_dmarc_reject,
                on_dmarc_quarantine=settings.on_dmarc_quarantine,
                reject_unknown_recipients=settings.reject_unknown_recipients,
                archive_address=settings.archive_address,
                values=settings.values,
            ),
        ),
        recipients=None if section.recipients is None else frozenset(map(_local_part, section.recipients)),
        aliases=MappingProxyType({_local_part(alias): members for alias, members in section.aliases.items()}),
        groups=MappingProxyType({_local_part(group): members for group, members in section.groups.items()}),
        senders=tuple(
            SenderRecord(patterns=senders.may_use, logins=senders.logins, networks=senders.networks)
            for senders in section.senders
        ),
        people=MappingProxyType({_local_part(name): _person(person) for name, person in section.people.items()}),
    )


def _person(section: PersonSection) -> PersonRecord:
    return PersonRecord(
        name=section.name,
        kind=section.kind,
        groups=frozenset(section.groups),
        attributes=section.attributes,
        manager=section.manager,
        other_addresses=frozenset(section.other_addresses),
    )


def _local_part(name: str) -> str:
    """Of a name whose domain, where it has one, is that of the file."""
    return name.rpartition("@")[0] if "@" in name else name
