# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rules can match a message at all, found out without asking each of them.

Of each rule one condition is taken that must hold for it to match, and that can be looked up: a domain, a network, a
word.  What a message has of these gives the rules that are left; rules without such a condition always are.
Sets of rules are bit masks, which cost next to nothing to combine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.indexing.reader import readers_of
from postward.rules.indexing.table import KeyTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.rules.message.message import Message
    from postward.rules.rule import Rule

_ANY = "any"
_UNKNOWN = "unknown"


class RuleIndex:
    """Made once for a list of rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._all = (1 << len(rules)) - 1
        self._by_way = _masks_by_way(rules)
        self._always, keyed = _split(rules)
        self._readers = readers_of(keyed)

    def candidates(self, message: Message) -> list[int]:
        """Give the indexes of the rules that may match, in their order."""
        fitting = self._fitting(message)
        found = self._always & fitting
        for reader in self._readers:
            # What costs most comes last, and is not looked at for rules that are out of the question.
            if reader.mask & fitting & ~found:
                found |= reader.find(message) & fitting
        return list(_bits(found))

    def _fitting(self, message: Message) -> int:
        """Rules for mail that goes the way of a recipient."""
        ways = {view.direction for view in message.recipients} or {message.direction}
        if _UNKNOWN in ways:
            return self._all
        fitting = 0
        for way in ways:
            fitting |= self._by_way.get(way, 0)
        return fitting


def _masks_by_way(rules: Sequence[Rule]) -> dict[str, int]:
    masks: dict[str, int] = {}
    for index, rule in enumerate(rules):
        for way in rule.directions:
            masks[way] = masks.get(way, 0) | 1 << index
    everything = masks.pop(_ANY, 0)
    return {way: mask | everything for way, mask in masks.items()}


def _split(rules: Sequence[Rule]) -> tuple[int, dict[str, KeyTable]]:
    """Rules that are always left, and for each attribute those that a value of it leaves."""
    always = 0
    keyed: dict[str, KeyTable] = {}
    for index, rule in enumerate(rules):
        bit = 1 << index
        keys = rule.condition.keys()
        if keys is None:
            always |= bit
            continue
        for key in keys:
            keyed.setdefault(key.attribute, KeyTable()).add(key.values, bit)
    return always, keyed


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
