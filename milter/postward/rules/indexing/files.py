"""Whether a message holds files, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.attachment import file_parts

if TYPE_CHECKING:
    from postward.model.header import Headers
    from postward.rules.indexing.table import KeyTable
    from postward.rules.message.message import Message


class FileReader:
    """By extension, or by there being a file at all."""

    def __init__(self, kind: str, table: KeyTable) -> None:
        self._by_extension = kind == "extension"
        self._table = table
        self.mask = table.mask

    def find(self, message: Message) -> int:
        """Look at the parts, unless the header says that there is nothing but text."""
        if not may_hold_files(message.headers.fields):
            return 0
        parts = file_parts(message)
        if not self._by_extension:
            return self.mask if parts else 0
        found = 0
        for part in parts:
            for extension in part.extensions:
                found |= self._table.get(extension)
        return found


def may_hold_files(headers: Headers) -> bool:
    """Tell, from the header alone, a message that is one text from all others (RFC 2045 section 5.2)."""
    if headers.indexes(b"content-disposition"):
        return True
    types = headers.all(b"content-type")
    if len(types) != 1:
        return bool(types)
    value = types[0].value.strip().lower()
    return not value.startswith(b"text/") or b"name" in value
