# SPDX-License-Identifier: GPL-3.0-or-later
"""Words, and patterns, of all rules at once in one pass over a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.patterns.re2_adapter import PatternError, PatternSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.rules.indexing.sources import Source
    from postward.rules.indexing.table import KeyTable
    from postward.rules.message.message import Message

_FEW = 6
"""So many words are found faster one by one."""
_MAX_IN_ONE_SET = 5_000
_MAX_PATTERNS_IN_ONE_SET = 100


class TextReader:
    """Looks for the keys in each value; where they are too much for RE2 together, every rule is left."""

    def __init__(self, source: Source, table: KeyTable, *, are_literal: bool) -> None:
        self._read = source.folded if are_literal else source.raw
        self._table = table
        self.mask = table.mask
        keys = list(dict.fromkeys(table))
        self._words = keys if are_literal and len(keys) <= _FEW else []
        size = _MAX_IN_ONE_SET if are_literal else _MAX_PATTERNS_IN_ONE_SET
        chunks = [] if self._words else [keys[start : start + size] for start in range(0, len(keys), size)]
        self._sets = [_Searched(chunk, table, are_literal=are_literal) for chunk in chunks]

    def find(self, message: Message) -> int:
        """Look for all of them."""
        found = 0
        for value in self._read(message):
            for word in self._words:
                if word in value:
                    found |= self._table.get(word)
            for searched in self._sets:
                found |= searched.find(value)
        return found


class _Searched:
    """As many keys as go into one set."""

    def __init__(self, keys: Sequence[str], table: KeyTable, *, are_literal: bool) -> None:
        self._masks = [table.get(key) for key in keys]
        self._mask = 0
        for mask in self._masks:
            self._mask |= mask
        try:
            self._set: PatternSet | None = PatternSet(keys, are_literal=are_literal)
        except PatternError:
            self._set = None

    def find(self, value: str) -> int:
        if self._set is None:
            return self._mask
        found = 0
        for index in self._set.found_in(value):
            found |= self._masks[index]
        return found
