# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules that are looked up by one attribute, by the values of which one must be there."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGE = 2_000
"""A list of more values than that is asked whether it has a value, and not copied."""


class KeyTable:
    """Masks of rules by value."""

    def __init__(self) -> None:
        self._masks: dict[str, int] = {}
        self._large: list[tuple[frozenset[str], int]] = []
        self.mask = 0
        """All rules in it."""

    def add(self, values: frozenset[str], bit: int) -> None:
        """Take a rule."""
        self.mask |= bit
        if len(values) > _LARGE:
            self._large.append((values, bit))
            return
        for value in values:
            known = self._masks.get(value)
            self._masks[value] = bit if known is None else known | bit

    def get(self, value: str) -> int:
        """Give the rules that a value leaves."""
        found = self._masks.get(value, 0)
        for values, bit in self._large:
            if value in values:
                found |= bit
        return found

    def __iter__(self) -> Iterator[str]:
        """Give every value; one may come several times."""
        return chain(self._masks, chain.from_iterable(values for values, _ in self._large))
