# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits on how much somebody sends: what would pass one is refused, and nobody passes one by sending much at once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from postward.actions.quota_decision import is_taken, with_excess
from postward.errors import TemporaryFailure
from postward.model.identity import IdentityKind
from postward.model.origin import Direction
from postward.model.quota import QuotaExcess, QuotaResult, QuotaSubject, QuotaUnit
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.observability.message_event import ABORTED, EVALUATED
from postward.pipeline.client_trust import trust_by
from postward.pipeline.quota_subjects import sendings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from postward.checks.examination import Examination
    from postward.model.transaction import Transaction
    from postward.model.verdict import Decision
    from postward.pipeline.quota_endings import QuotaEndings
    from postward.pipeline.quota_policy import QuotaPolicy
    from postward.pipeline.quota_subjects import Sending

NAME = "quota"
"""Its name among what could not be checked, and in metrics."""
_UNKNOWN = "Redis did not answer"
_MAX_HELD = 20_000
MAX_DOMAINS = 1_000
"""Of one message that are limited.  Each is asked about and told by itself: without a bound one message could keep
Redis, and what others have to tell it, from everybody else."""


class QuotaStore(Protocol):
    """See ``store.quotas``; one in Redis may raise TemporaryFailure."""

    def begin(self, lease: str, requests: Sequence[QuotaRequest], *, lease_s: float) -> tuple[QuotaExcess | None, ...]:
        """Take what a message needs of each, for so long at most; an answer for each, None where it was taken."""
        ...

    def end(self, endings: Sequence[QuotaEnding], *, lease_s: float) -> None:
        """Count what was taken, or give it back."""
        ...


class QuotaWatcher(Protocol):
    """Is told of messages that were refused; off the mail path."""

    def exceeded(self, transaction: Transaction, excess: QuotaExcess) -> None:
        """One message would have passed a limit."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaSettings:
    """What becomes of a message that would pass a limit."""

    rejects: bool = False
    """For good; else for now."""
    lease_s: float = 60.0
    """Longer than a message takes from its end to its answer."""
    counts_unjudged: bool = True
    """What is not judged in time passes, so it counts."""


@dataclass(slots=True)
class _Held:
    """What one message has taken."""

    requests: dict[tuple[str, str], QuotaRequest] = field(default_factory=dict)
    excess: QuotaExcess | None = None
    is_local: bool = False
    """The last answer was that of this process."""
    is_unlimited: bool = False
    """Nobody could be asked at last, and it passes."""
    was_local: bool = False
    """This process has taken something for it."""


class QuotaStage:
    """Called with each message before its checks and with its decision, and after its answer; to be closed.

    Where Redis is silent our own users have each worker's share of their limits, and mail from outside is not limited.
    Without Redis each worker's share holds for all.
    """

    def __init__(
        self,
        policy: QuotaPolicy,
        settings: QuotaSettings,
        *,
        store: QuotaStore | None,
        local: QuotaStore,
        endings: QuotaEndings | None,
        watcher: QuotaWatcher,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """``store`` counts for all, None without Redis; ``endings`` tells it the end; ``local`` counts for us alone."""
        self._policy = policy
        self._limits_places = policy.limits_places
        self._settings = settings
        self._store = store
        self._local = local
        self._endings = endings
        self._watcher = watcher
        self._wall_clock = wall_clock
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, transaction: Transaction) -> None:
        """Take a place among those judged at the same time; where there is none ``judge`` refuses the message."""
        if not self._limits_places:
            return
        requests = [
            QuotaRequest(subject=each.subject, name=each.name, limits=limits, messages=0)
            for each, limits in self._limited(transaction, self._wall_clock())
            if limits.concurrent is not None
        ]
        if 0 < len(requests) <= MAX_DOMAINS:
            # With more it never passes.
            self._take(transaction, self._hold(transaction), requests)

    def judge(self, transaction: Transaction, decision: Decision, examination: Examination) -> Decision:
        """Return the decision, or that the message is refused for it would pass a limit; sets ``facts.quota``."""
        if not is_taken(decision) or transaction.is_given_up:
            return decision
        limited = list(self._limited(transaction, examination.now_s))
        if not limited:
            return decision
        started_s = time.perf_counter()
        held = self._hold(transaction)
        held.excess = held.excess or self._too_many(limited)
        if held.excess is None:
            self._take(transaction, held, [_request(each, limits) for each, limits in limited])
        transaction.stage_ms[NAME] = (time.perf_counter() - started_s) * 1000
        transaction.facts.quota = QuotaResult(excess=held.excess, is_local=held.is_local)
        if held.is_unlimited:
            transaction.facts.not_checked[NAME] = _UNKNOWN
        if held.excess is None:
            return decision
        return with_excess(decision, held.excess, rejects=self._settings.rejects)

    def finished(self, transaction: Transaction, outcome: str) -> None:
        """Count the message, or give back what it took; off the mail path."""
        quota = transaction.facts.quota
        if quota is not None and quota.excess is not None and outcome == EVALUATED:
            self._watcher.exceeded(transaction, quota.excess)
        with self._lock:
            held = self._held.pop(transaction.id, None)
        if held is not None:
            self._end(transaction, held, is_counted=self._is_counted(transaction, outcome))

    def close(self) -> None:
        """End what tells Redis, once it has told what it could."""
        if self._endings is not None:
            self._endings.close()

    def _limited(self, transaction: Transaction, now_s: float) -> Iterable[tuple[Sending, QuotaLimits]]:
        trust = _trust_in(transaction)
        for each in sendings_of(transaction):
            if each.subject in self._policy.subjects:
                limits = self._policy.limits(each, now_s, trust)
                if not limits.are_none:
                    yield each, limits

    def _too_many(self, limited: Sequence[tuple[Sending, QuotaLimits]]) -> QuotaExcess | None:
        domains = sum(each.subject is QuotaSubject.RECIPIENT_DOMAIN for each, _ in limited)
        if domains > MAX_DOMAINS:
            return QuotaExcess(
                subject=QuotaSubject.RECIPIENT_DOMAIN,
                name="*",
                unit=QuotaUnit.DOMAINS,
                limit=MAX_DOMAINS,
                used=0,
                is_permanent=True,
            )
        for each, limits in limited:
            unit = self._policy.too_many(each, limits)
            if unit is not None:
                return QuotaExcess(
                    subject=each.subject,
                    name=each.name,
                    unit=unit,
                    limit=limits.of(unit) or 0,
                    used=0,
                    is_permanent=True,
                )
        return None

    def _hold(self, transaction: Transaction) -> _Held:
        with self._lock:
            held = self._held.setdefault(transaction.id, _Held())
            if len(self._held) > _MAX_HELD:
                # Of messages that nobody finishes, the leases are over by themselves.
                self._held.popitem(last=False)
            return held

    def _take(self, transaction: Transaction, held: _Held, requests: Sequence[QuotaRequest]) -> None:
        answers = self._answers(transaction, held, requests)
        for request, excess in zip(requests, answers, strict=True):
            if excess is None:
                held.requests[request.subject, request.name] = request
            elif held.excess is None:
                held.excess = excess

    def _answers(
        self, transaction: Transaction, held: _Held, requests: Sequence[QuotaRequest]
    ) -> tuple[QuotaExcess | None, ...]:
        """What could not be asked before the checks is asked anew behind them, with all else: so the last counts."""
        lease_s = self._settings.lease_s
        held.is_local = held.is_unlimited = False
        if self._store is not None:
            try:
                return self._store.begin(transaction.id, requests, lease_s=lease_s)
            except TemporaryFailure:
                if transaction.origin.direction is Direction.INBOUND:
                    held.is_unlimited = True
                    return (None,) * len(requests)
        held.is_local = held.was_local = True
        return self._local.begin(transaction.id, requests, lease_s=lease_s)

    def _is_counted(self, transaction: Transaction, outcome: str) -> bool:
        if outcome == ABORTED:
            return False
        if outcome != EVALUATED:
            return self._settings.counts_unjudged
        return transaction.plan is not None and transaction.plan.reply is None

    def _end(self, transaction: Transaction, held: _Held, *, is_counted: bool) -> None:
        is_late, is_outbound = held.is_local or held.is_unlimited, transaction.origin.direction is Direction.OUTBOUND
        endings = [
            QuotaEnding(request=request, lease=transaction.id, is_counted=is_counted, is_late=is_late)
            for request in held.requests.values()
        ]
        if self._endings is not None:
            self._endings.add(endings)
        if held.was_local or (is_counted and is_outbound):
            # What a worker has let through counts for its share, should Redis fall silent.
            self._local.end([replace(ending, is_late=True) for ending in endings], lease_s=self._settings.lease_s)


def _trust_in(transaction: Transaction) -> float:
    """How far its client is trusted, as far as reputation has been asked."""
    reputation = transaction.facts.reputation
    known = reputation.estimates if reputation is not None else {}
    return trust_by(known[kind] for kind in (IdentityKind.NETWORK, IdentityKind.IP) if kind in known)


def _request(sending: Sending, limits: QuotaLimits) -> QuotaRequest:
    return QuotaRequest(
        subject=sending.subject, name=sending.name, limits=limits, messages=1, recipients=sending.recipients
    )
