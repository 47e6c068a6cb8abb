# SPDX-License-Identifier: GPL-3.0-or-later
"""For each attribute that rules are looked up by: which rules the message's values leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from postward.rules.conditions.key_choice import rank
from postward.rules.indexing.fields import FieldReader
from postward.rules.indexing.files import FileReader
from postward.rules.indexing.lookup import EntryReader, GroupReader, NetworkReader, ValueReader
from postward.rules.indexing.sources import GROUPS, HEADER_PREFIX, source_of
from postward.rules.indexing.texts import TextReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.indexing.table import KeyTable
    from postward.rules.message.message import Message


class KeyReader(Protocol):
    """One attribute."""

    @property
    def mask(self) -> int:
        """All rules that are looked up by it."""
        ...

    def find(self, message: Message) -> int:
        """Those that the message's values leave."""
        ...


def readers_of(keyed: Mapping[str, KeyTable]) -> tuple[KeyReader, ...]:
    """Give the readers, those that cost least first; ``keyed`` has the rules by attribute and value."""
    fields: dict[str, dict[str, KeyTable]] = {}
    readers: list[tuple[int, KeyReader]] = []
    for attribute, table in keyed.items():
        name, _, kind = attribute.rpartition(".")
        if name.startswith(HEADER_PREFIX):
            fields.setdefault(name.removeprefix(HEADER_PREFIX), {})[kind] = table
        else:
            readers.append((rank(attribute), _reader(name, kind, table)))
    if fields:
        readers.append((rank(HEADER_PREFIX), FieldReader(fields)))
    return tuple(reader for _, reader in sorted(readers, key=lambda pair: pair[0]))


def _reader(name: str, kind: str, table: KeyTable) -> KeyReader:
    if name == "attachment":
        return FileReader(kind, table)
    if kind == "network":
        return NetworkReader(table)
    source = source_of(name)
    if kind == "entry":
        return EntryReader(source, table)
    if name in GROUPS:
        return GroupReader(source, table)
    if kind == "value":
        return ValueReader(source, table)
    return TextReader(source, table, are_literal=kind == "text")
