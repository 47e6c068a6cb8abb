# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists that are switched on, asked about one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.dns_lists.answer import UNANSWERED, ListStatus, read_answer
from postward.dns_lists.question import question
from postward.dns_lists.zone import Subject
from postward.model.symbol import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from postward.dns_lists.answer import ListAnswer
    from postward.dns_lists.asking import Asking
    from postward.dns_lists.health import ListHealth
    from postward.dns_lists.subject import ListSubject
    from postward.dns_lists.zone import ListCode, ListZone

_WHERE = {
    Subject.CLIENT: "the client", Subject.RECEIVED: "a Received field", Subject.HELO: "HELO",
    Subject.SENDER: "the sender", Subject.DKIM: "a signature", Subject.URL: "a link",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBounds:
    """What asking lists may cost one message."""

    timeout_s: float = 3.0
    """For all of them together."""
    questions: int = 200


@dataclass(frozen=True, slots=True)
class ListVerdict:
    """What the lists say of one message."""

    findings: tuple[Finding, ...] = ()
    not_asked: str = ""
    """Which lists have said nothing, and why, in words; "" for none."""


class DnsLists:
    """Those of one worker; asks each that is believed, and stops to believe one that answers with an error."""

    def __init__(
        self,
        zones: Sequence[ListZone],
        asking: Asking,
        health: ListHealth,
        bounds: ListBounds,
        *,
        unused: Iterable[tuple[str, str]] = (),
        count: Callable[[ListZone, ListStatus], None] = lambda _zone, _status: None,
    ) -> None:
        """``unused`` are lists that are wanted and cannot be asked, each with why.

        ``count`` is told of each answer but those that say that nothing is listed.
        """
        self._unused = tuple(unused)
        self._asking = asking
        self._health = health
        self._bounds = bounds
        self._count = count
        self._zones = tuple(zones)
        self._by_subject = {
            subject: tuple((zone, zone.suffix) for zone in zones if _asks_for(zone, subject)) for subject in Subject
        }

    def asks_for(self, kind: Subject) -> bool:
        """Whether any list is to be asked about such a thing."""
        return bool(self._by_subject[kind])

    def ask_ahead(self, subjects: Iterable[ListSubject]) -> None:
        """Start to ask about what a message will be judged by; waits for nothing."""
        self._asking.ask_ahead(dict.fromkeys(name for name, _zone, _subject in self._questions(subjects)))

    def judge(self, subjects: Sequence[ListSubject]) -> ListVerdict:
        """Ask all lists about all of it, and wait for the answers as long as the bounds allow."""
        asked = list(self._questions(subjects))
        answers = self._asking.answers(dict.fromkeys(name for name, _zone, _subject in asked), self._bounds.timeout_s)
        findings: list[Finding] = []
        silent = dict(self._unused)
        silent |= {zone.name: fault for zone in self._zones if (fault := self._health.fault(zone))}
        for name, zone, subject in asked:
            answer = answers.get(name)
            read = read_answer(zone, answer) if answer is not None else UNANSWERED
            if read.status is ListStatus.NOT_LISTED:
                continue
            self._count(zone, read.status)
            if read.status is ListStatus.LISTED:
                findings += _findings(zone, subject, read)
            else:
                silent[zone.name] = self._silence(zone, read)
        return ListVerdict(tuple(findings), _in_words(silent))

    def _questions(self, subjects: Iterable[ListSubject]) -> Iterator[tuple[str, ListZone, ListSubject]]:
        left = self._bounds.questions
        off = {zone.name for zone in self._zones if self._health.fault(zone)}
        for subject in subjects:
            for zone, suffix in self._by_subject[subject.kind]:
                if zone.name in off or (subject.is_ipv6 and not zone.ipv6):
                    continue
                label = subject.label if zone.by_host else subject.registered or subject.label
                name = question(label, suffix)
                if not name:
                    continue
                if left <= 0:
                    return
                left -= 1
                yield name, zone, subject

    def _silence(self, zone: ListZone, read: ListAnswer) -> str:
        if read.status is ListStatus.UNANSWERED:
            self._health.doubted(zone)
            return "it did not answer in time"
        self._health.refused(zone, read.fault)
        return read.fault


def _asks_for(zone: ListZone, subject: Subject) -> bool:
    if subject is Subject.RECEIVED:
        return zone.received_symbol is not None
    return subject in zone.subjects


def _findings(zone: ListZone, subject: ListSubject, read: ListAnswer) -> Iterator[Finding]:
    for name in dict.fromkeys(_symbol_names(zone, subject, read.codes)):
        yield Finding(name, f"{subject.shown} ({_WHERE[subject.kind]}) is on {zone.name}"[:200])


def _symbol_names(zone: ListZone, subject: ListSubject, codes: Iterable[ListCode]) -> Iterator[str]:
    for each in codes:
        if each.symbol is None or (each.is_policy and not subject.is_connecting):
            continue
        if subject.kind is Subject.RECEIVED and zone.received_symbol is not None:
            yield zone.received_symbol.name
        else:
            yield each.symbol.name


def _in_words(silent: dict[str, str]) -> str:
    return "; ".join(f"{name}: {why}" for name, why in silent.items())
