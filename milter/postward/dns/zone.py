# SPDX-License-Identifier: GPL-3.0-or-later
"""Answer DNS look-ups from a zone file instead of the network (``postward scan --dns``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns.answer import Answer, Outcome, RecordData, RecordType
from postward.dns.names import to_ascii
from postward.dns.zone_records import ZoneData, ZoneName, read_zone

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CNAMES = 10
"""Length of a CNAME chain that is still followed."""


class ZoneLookup:
    """A ``Lookup`` over the parsed YAML of a zone file; asks nobody else.

    A name that is absent, with no name below it, is NXDOMAIN; with a name below it, NODATA.  CNAMEs are followed.
    Raises ``UsageError`` where the file makes no sense.
    """

    def __init__(self, mapping: object) -> None:
        self._zone = read_zone(mapping)
        self._inner_names = _inner_names(self._zone)

    def __call__(self, name: str, record_type: RecordType) -> Answer:
        """Look ``name`` up; see ``Lookup``."""
        owner = to_ascii(name)
        if owner is None:
            return Answer(outcome=Outcome.NXDOMAIN)
        for hops in range(MAX_CNAMES + 1):
            entry = self._zone.get(owner)
            if entry is None:
                return self._absent(owner, aliased=hops > 0)
            answer = _direct(entry, record_type)
            if answer is not None:
                return answer
            owner = str(entry.records[RecordType.CNAME][0])
        # RFC 1034 section 3.6.2: loops are signalled as an error.
        return Answer(outcome=Outcome.SERVFAIL)

    def _absent(self, owner: str, *, aliased: bool) -> Answer:
        # RFC 8020: a name that is an alias exists, and so does a name with another below it; the root always does.
        exists = aliased or not owner or owner in self._inner_names
        return Answer(outcome=Outcome.NODATA if exists else Outcome.NXDOMAIN)


def _inner_names(names: Iterable[str]) -> frozenset[str]:
    """Every name that has another below it."""
    return frozenset(name.split(".", cut)[cut] for name in names for cut in range(1, name.count(".") + 1))


def _direct(entry: ZoneName, record_type: RecordType) -> Answer | None:
    """Answer from the name's own records; None where its CNAME is to be followed."""
    if record_type in entry.failures:
        return Answer(outcome=entry.failures[record_type])
    if record_type in entry.records:
        records = tuple(_record(data) for data in entry.records[record_type])
        return Answer(outcome=Outcome.OK, records=records)
    if RecordType.CNAME in entry.records:
        return None
    return Answer(outcome=entry.rest or Outcome.NODATA)


def _record(data: ZoneData) -> RecordData:
    """Join the strings of a TXT record; other records stand as they are."""
    return b"".join(data) if isinstance(data, tuple) else data
