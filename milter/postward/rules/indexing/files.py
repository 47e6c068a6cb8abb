# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message holds files, what they are called, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.attachment import file_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.mime.part import Part
    from postward.model.header import Headers
    from postward.rules.indexing.table import KeyTable
    from postward.rules.message.message import Message


class FileReader:
    """``kind`` is extension, type or any, and how deep archives are looked into."""

    def __init__(self, kind: str, table: KeyTable) -> None:
        self._depth = int(kind[-1])
        self._kind = kind[:-1]
        self._table = table
        self.mask = table.mask

    def find(self, message: Message) -> int:
        """Look at the files, unless the header says that there is nothing but text."""
        if not may_hold_files(message.headers.fields):
            return 0
        parts = file_parts(message)
        if self._kind == "any":
            return self.mask if parts else 0
        found = 0
        for part in parts:
            for value in self._values(part):
                found |= self._table.get(value)
        return found

    def _values(self, part: Part) -> Iterator[str]:
        """Give all that a rule may have asked for; more does no harm."""
        members = part.archive(self._depth).members if self._depth else ()
        if self._kind == "type":
            yield part.true_type
            yield from (member.true_type for member in members)
            return
        yield from part.extensions
        for member in members:
            yield from member.extensions


def may_hold_files(headers: Headers) -> bool:
    """Tell, from the header alone, a message that is one text from all others (RFC 2045 section 5.2)."""
    if headers.indexes(b"content-disposition"):
        return True
    types = headers.all(b"content-type")
    if len(types) != 1:
        return bool(types)
    value = types[0].value.strip().lower()
    return not value.startswith(b"text/") or b"name" in value
