# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNS Tree Walk, and the organizational domain that follows from it (RFC 9989 sections 4.10 and 4.10.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.dmarc.record import PolicyRecord, PsdFlag, has_version, parse_record
from postward.dns.answer import RecordType
from postward.errors import DnsFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.dns.resolver import Lookup

MAX_PARENT_LABELS = 7
"""RFC 9989 section 4.10 step 4: a name of eight labels or more goes on with its last seven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeWalk:
    """What one walk found, from the longest name to the shortest."""

    start: str
    found: tuple[tuple[str, PolicyRecord], ...] = ()
    failure: str = ""
    """Why the walk ended too soon (a DNS failure), in words."""

    @property
    def own_record(self) -> PolicyRecord | None:
        """The record at the start itself."""
        return self.found[0][1] if self.found and self.found[0][0] == self.start else None

    @property
    def organizational_domain(self) -> str | None:
        """RFC 9989 section 4.10.2; None where a DNS failure leaves it open."""
        for name, record in self.found:
            if record.psd is PsdFlag.NO:
                return name
            if record.psd is PsdFlag.YES and name != self.start:
                return self._one_label_below(name)
        if self.failure:
            return None
        # The record with the fewest labels was found last; that of a top-level domain counts like any other.
        return self.found[-1][0] if self.found else self.start

    def _one_label_below(self, name: str) -> str:
        labels = name.count(".") + 2
        return ".".join(self.start.split(".")[-labels:])


class TreeWalker:
    """Walks for the identifiers of one message; every name is asked for once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._records: dict[str, PolicyRecord | DnsFailure | None] = {}
        self._walks: dict[str, TreeWalk] = {}

    def walk(self, domain: str) -> TreeWalk:
        """Walk up from ``domain`` (A-labels in lower case); at most eight queries."""
        if domain not in self._walks:
            self._walks[domain] = self._walk(domain)
        return self._walks[domain]

    def _walk(self, domain: str) -> TreeWalk:
        found: list[tuple[str, PolicyRecord]] = []
        for name in names_to_ask(domain):
            record = self._record_at(name)
            if isinstance(record, DnsFailure):
                return TreeWalk(start=domain, found=tuple(found), failure=str(record))
            if record is not None:
                found.append((name, record))
                # RFC 9989 section 4.10 steps 2 and 6.
                if record.psd is not PsdFlag.UNKNOWN:
                    break
        return TreeWalk(start=domain, found=tuple(found))

    def _record_at(self, name: str) -> PolicyRecord | DnsFailure | None:
        if name not in self._records:
            self._records[name] = _fetch(name, self._lookup)
        return self._records[name]


def names_to_ask(domain: str) -> Iterator[str]:
    """The names of a walk that no psd tag ends, ``domain`` first (RFC 9989 section 4.10 steps 3, 4 and 7)."""
    yield domain
    labels = domain.split(".")[1:][-MAX_PARENT_LABELS:]
    for index in range(len(labels)):
        yield ".".join(labels[index:])


def policy_name(domain: str) -> str:
    """Where the DMARC Policy Record of ``domain`` stands (RFC 9989 section 4.7)."""
    return f"_dmarc.{domain}"


def _fetch(domain: str, lookup: Lookup) -> PolicyRecord | DnsFailure | None:
    name = policy_name(domain)
    answer = lookup(name, RecordType.TXT)
    if answer.failed:
        return DnsFailure(f"{name}: {answer.outcome}")
    # RFC 9989 section 4.10 steps 2 and 6: of several records at one name none counts.
    records = [text for text in answer.texts() if has_version(text)]
    return parse_record(records[0]) if len(records) == 1 else None
