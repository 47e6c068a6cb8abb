# SPDX-License-Identifier: GPL-3.0-or-later
"""A DNS that says whatever it likes to the questions of one message."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from hypothesis import strategies as st

from postward.dns.budget import BudgetedLookup
from postward.dns.names import to_ascii
from tests.fuzz.grammar import answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DataObject

    from postward.dns.answer import Answer, RecordType
    from postward.dns.resolver import Lookup

MAX_QUERIES = 200


class HostileDns:
    """Which answer of its type a name gets depends on the name alone, so that one asked twice is told the same."""

    def __init__(self, data: DataObject) -> None:
        self._data = data
        self._pools: dict[RecordType, Sequence[Answer]] = {}

    def __call__(self, name: str, record_type: RecordType) -> Answer:
        assert to_ascii(name) == name, "only what can be asked for is asked for"
        if record_type not in self._pools:
            # Most evaluations ask for few types, and drawing is what takes the time.
            self._pools[record_type] = self._data.draw(st.lists(answers(record_type), min_size=1, max_size=3))
        pool = self._pools[record_type]
        return pool[crc32(name.encode("ascii")) % len(pool)]

    def lookup(self) -> Lookup:
        """Look-ups with the allowance of one message."""
        return BudgetedLookup(self, max_queries=MAX_QUERIES, deadline_s=60.0, clock=lambda: 0.0)
