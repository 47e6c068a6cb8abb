# SPDX-License-Identifier: GPL-3.0-or-later
"""Reputation: what is known of those whom a message comes from, and what the message teaches about them."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from postward.errors import TemporaryFailure
from postward.model.origin import Direction
from postward.model.reputation import Evidence
from postward.model.scan_result import ScanStatus
from postward.model.verdict import Verdict
from postward.observability.message_event import EVALUATED
from postward.pipeline.letters_seen import LettersSeen
from postward.reputation.correspondence import written_to
from postward.reputation.identities import identities_of
from postward.reputation.label import VIRUS, LabelSettings, label
from postward.reputation.opinion import OpinionSettings, opinion
from postward.scoring.weighing import weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from postward.model.identity import Identity
    from postward.model.reputation import Correspondence, Known
    from postward.model.transaction import Facts, Transaction
    from postward.reputation.identities import Found, Subject
    from postward.reputation.lineage import Lineage
    from postward.scoring.scale import Scale

NAME = "reputation"
"""Its name among what was found and what could not be checked, and in metrics."""
_SILENT = "Redis did not answer"
"""Stands in the message, which may go anywhere: where Redis is, is for the log alone."""
_SAME_LETTER_S = 86_400.0
_MAX_UNDER_WAY = 2_000
_FIRST_4XX, _FIRST_5XX = 400, 500
_NOT_SENT_ON = frozenset({Verdict.QUARANTINE, Verdict.DISCARD, Verdict.DEFER, Verdict.REJECT})
_OF_POLICY = ("DMARC_FAIL_", "FROM_MULTIPLE")
_NOT_OBJECTED_TO = Evidence(good=0.3, seen=1.0)
"""Mail of our own users that nobody has looked into."""


class Reading(Protocol):
    """See ``reputation.store.ReputationStore``."""

    def read(self, identities: Sequence[Identity], correspondences: Sequence[Correspondence]) -> Known:
        """Say what is known of all of them by now; raises TemporaryFailure."""
        ...


class Store(Reading, Protocol):
    """The same, which learns as well."""

    def observe(self, evidence: Mapping[Identity, Evidence]) -> None:
        """Add evidence, soon."""
        ...

    def note(self, correspondences: Sequence[Correspondence]) -> None:
        """Remember that users of ours have written to somebody, soon."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReputationSettings:
    """How much reputation counts, and what teaches it."""

    scale: Scale
    """By which messages are weighed, for what they teach."""
    opinion: OpinionSettings = field(default_factory=OpinionSettings)
    label: LabelSettings = field(default_factory=LabelSettings)


class ReputationReader:
    """Tells what is known, and learns nothing.  Safe from every thread."""

    def __init__(self, store: Reading, lineage: Lineage, settings: OpinionSettings) -> None:
        self._store = store
        self._lineage = lineage
        self._settings = settings

    def consult(self, transaction: Transaction) -> None:
        """Set ``facts.reputation`` and what it finds, or say among ``facts.not_checked`` that it could not be asked.

        Called after all checks, and before what they found is weighed.
        """
        self.ask(transaction)

    def ask(self, transaction: Transaction) -> Found:
        """Do the same, and return whom the message comes from."""
        started_s = time.perf_counter()
        found = identities_of(transaction, self._lineage)
        if found.subjects:
            self._ask(transaction, found)
            transaction.stage_ms[NAME] = (time.perf_counter() - started_s) * 1000
        return found

    def _ask(self, transaction: Transaction, found: Found) -> None:
        facts = transaction.facts
        pairs = found.correspondences if self._settings.trusts_correspondents else ()
        try:
            known = self._store.read(found.identities, pairs)
        except TemporaryFailure:
            facts.not_checked[NAME] = _SILENT
        else:
            formed = opinion(found, known, self._lineage, self._settings)
            facts.reputation = formed.result
            facts.findings[NAME] = formed.findings


class ReputationStage:
    """Safe from every thread; made after a fork, for each worker remembers what it has seen lately."""

    def __init__(
        self,
        store: Store,
        lineage: Lineage,
        settings: ReputationSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``clock`` measures for how long a letter is the same that others send again."""
        self._store = store
        self._lineage = lineage
        self._settings = settings
        self._is_news = LettersSeen(clock, forget_after_s=_SAME_LETTER_S).is_news
        self._reader = ReputationReader(store, lineage, settings.opinion)
        self._under_way: OrderedDict[str, Found] = OrderedDict()

    def consult(self, transaction: Transaction) -> None:
        """See ``ReputationReader``."""
        self._under_way[transaction.id] = self._reader.ask(transaction)
        if len(self._under_way) > _MAX_UNDER_WAY:
            # Of messages that nobody finishes; should one be finished after all, it is looked at anew.
            self._under_way.popitem(last=False)

    def learn(self, transaction: Transaction, outcome: str) -> None:
        """Have a finished message teach what it can; called after the answer, off the mail path.

        One that was not judged, or has to come again, teaches nothing.
        """
        found = self._under_way.pop(transaction.id, None)
        if outcome != EVALUATED or transaction.known_origin is None or _comes_again(transaction):
            return
        if found is None:
            found = identities_of(transaction, self._lineage)
        subjects = self._answering(found.subjects)
        if subjects:
            evidence = self._taught(transaction)
            self._store.observe({subject.identity: _part(evidence, subject) for subject in subjects})
        if self._settings.opinion.trusts_correspondents and _is_sent(transaction):
            pairs = written_to(transaction)
            if pairs:
                self._store.note(pairs)

    def _taught(self, transaction: Transaction) -> Evidence:
        facts = transaction.facts
        if any(scan.status is ScanStatus.VIRUS for scan in facts.scans.values()):
            return VIRUS
        if transaction.origin.direction is Direction.OUTBOUND and not _is_scored(facts):
            return _NOT_OBJECTED_TO
        return label(*self._scores(facts), self._settings.label)

    def _scores(self, facts: Facts) -> tuple[float, float]:
        """Weigh the message without what reputation has said, and without what rules have added.

        The first score leaves out the author's policy where a carrier is known: a mailing list breaks signatures
        without being bad, and what it passes on must not count against it for that.
        """
        bare = facts.copy()
        bare.findings.pop(NAME, None)
        weighed = weigh(bare, self._settings.scale)
        favour = sum(symbol.score for symbol in weighed)
        policy = sum(max(0.0, symbol.score) for symbol in weighed if symbol.name.startswith(_OF_POLICY))
        names_carrier = any(symbol.name in {"SPF_PASS", "DKIM_PASS"} for symbol in weighed)
        return (favour - policy if names_carrier else favour), favour

    def _answering(self, subjects: Iterable[Subject]) -> list[Subject]:
        """Leave out those who answer for a letter that has been here before: anybody may send it again."""
        news: dict[str, bool] = {}
        return [
            subject
            for subject in subjects
            if subject.share > 0 and (not subject.signature or self._is_new(subject.signature, news))
        ]

    def _is_new(self, signature: str, asked: dict[str, bool]) -> bool:
        if signature not in asked:
            asked[signature] = self._is_news(signature)
        return asked[signature]


def _part(evidence: Evidence, subject: Subject) -> Evidence:
    share = subject.share
    if share == 1.0:
        return evidence
    return Evidence(
        good=evidence.good * share, bad=evidence.bad * share, hard=evidence.hard * share, seen=evidence.seen
    )


def _comes_again(transaction: Transaction) -> bool:
    """Whether it was put off; in monitor mode all passes, whatever was decided, and nothing comes again."""
    plan, decision = transaction.plan, transaction.decision
    if plan is None:
        return decision is not None and decision.verdict is Verdict.DEFER
    return plan.reply is not None and _FIRST_4XX <= plan.reply.code < _FIRST_5XX


def _is_sent(transaction: Transaction) -> bool:
    """Whether it is mail of our own users, and goes to its recipients."""
    plan, decision = transaction.plan, transaction.decision
    return (
        transaction.origin.direction is Direction.OUTBOUND
        and plan is not None
        and plan.reply is None
        and (decision is None or decision.verdict not in _NOT_SENT_ON)
        and all(scan.status is not ScanStatus.VIRUS for scan in transaction.facts.scans.values())
    )


def _is_scored(facts: Facts) -> bool:
    return any(scan.score is not None for scan in facts.scans.values())
