# SPDX-License-Identifier: GPL-3.0-or-later
"""Header fields of any name: only those are read that the message has and some rule asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.indexing.lookup import ValueReader
from postward.rules.indexing.sources import HEADER_PREFIX, source_of
from postward.rules.indexing.texts import TextReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.indexing.table import KeyTable
    from postward.rules.message.message import Message


class FieldReader:
    """``fields`` has the rules by name of the field, kind of key, and key."""

    def __init__(self, fields: Mapping[str, Mapping[str, KeyTable]]) -> None:
        self._readers = {
            name.encode("utf-8", "surrogateescape"): [_reader(name, kind, table) for kind, table in kinds.items()]
            for name, kinds in fields.items()
        }
        self.mask = 0
        for readers in self._readers.values():
            for reader in readers:
                self.mask |= reader.mask

    def find(self, message: Message) -> int:
        """Read the fields that are there."""
        found = 0
        for name in message.headers.fields.names():
            readers = self._readers.get(name)
            if readers is not None:
                for reader in readers:
                    found |= reader.find(message)
        return found


class _Present:
    """The field is there, which is all that is asked."""

    def __init__(self, table: KeyTable) -> None:
        self.mask = table.mask

    def find(self, _message: Message) -> int:
        return self.mask


def _reader(name: str, kind: str, table: KeyTable) -> ValueReader | TextReader | _Present:
    if kind == "exists":
        return _Present(table)
    source = source_of(f"{HEADER_PREFIX}{name}")
    if kind == "value":
        return ValueReader(source, table)
    return TextReader(source, table, are_literal=kind == "text")
