# SPDX-License-Identifier: GPL-3.0-or-later
"""What DNS lists say of the client and of the domains that a message names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.letter import letter_of
from postward.checks.list_subjects import addresses_of, domains_of
from postward.dns_lists.zone import Subject
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from postward.checks.content.letter import ContentBounds
    from postward.checks.examination import Examination
    from postward.checks.list_subjects import SubjectSettings
    from postward.dns.public_suffix import PublicSuffixes
    from postward.dns_lists.lists import DnsLists
    from postward.dns_lists.subject import ListSubject
    from postward.model.origin import Origin
    from postward.model.transaction import Facts, Transaction

_LATE = frozenset({Subject.RECEIVED, Subject.URL})


class DnsListsCheck:
    """Sets ``facts.findings["dns_lists"]``; never judges who has logged in."""

    name = "dns_lists"
    requires = ("dkim", "content")

    def __init__(
        self,
        lists: DnsLists,
        settings: SubjectSettings,
        suffixes: Callable[[], PublicSuffixes],
        bounds: ContentBounds,
    ) -> None:
        """``bounds`` are those within which a message is searched for links."""
        self._lists = lists
        self._settings = settings
        self._suffixes = suffixes
        self._bounds = bounds

    def applies(self, origin: Origin) -> bool:
        """Judge mail from outside only."""
        return origin.direction is Direction.INBOUND

    def begin(self, examination: Examination) -> None:
        """Ask about what could not be asked ahead while the message came in."""
        if any(map(self._lists.asks_for, _LATE)):
            self._lists.ask_ahead(subject for subject in self._subjects(examination) if subject.kind in _LATE)

    def run(self, examination: Examination) -> None:
        """Collect the answers, and wait for those that are missing."""
        facts = examination.transaction.facts
        verdict = self._lists.judge(tuple(self._subjects(examination)))
        facts.findings[self.name] = verdict.findings
        if verdict.not_asked:
            facts.not_checked[self.name] = verdict.not_asked

    def give_up(self, transaction: Transaction, reason: str) -> None:
        """Say that the lists have not been heard."""
        transaction.facts.not_checked.setdefault(self.name, reason)

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word: whether anything is listed."""
        found = facts.findings.get(self.name)
        return {} if found is None else {self.name: "fail" if found else "pass"}

    def _subjects(self, examination: Examination) -> Iterator[ListSubject]:
        transaction = examination.transaction
        if transaction.authentication.user:
            return
        asks_for = self._lists.asks_for
        yield from addresses_of(transaction, self._settings, asks_for)
        if any(asks_for(kind) for kind in (Subject.HELO, Subject.SENDER, Subject.DKIM, Subject.URL)):
            suffixes = self._suffixes()
            links = letter_of(examination, suffixes, self._bounds).links if asks_for(Subject.URL) else ()
            yield from domains_of(transaction, links, self._settings, suffixes.organizational_domain)
