# SPDX-License-Identifier: GPL-3.0-or-later
"""Greylisting: a suspect is asked to come again, as any mail server does and much of what sends spam does not."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from postward.actions.greylist_decision import (
    GreylistExemptions,
    author_domain,
    exemption,
    is_judged,
    with_greylisting,
)
from postward.errors import TemporaryFailure
from postward.model.greylisting import GreylistResult, GreylistStatus
from postward.model.origin import Direction
from postward.model.verdict import Verdict
from postward.pipeline.greylist_identity import NetworkWidth, identity_of
from postward.pipeline.recently_asked import RecentlyAsked

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.checks.examination import Examination
    from postward.model.greylisting import Remembered
    from postward.model.transaction import Transaction
    from postward.model.verdict import Decision

NAME = "greylisting"
"""Its name among what could not be checked, and in metrics."""
_UNKNOWN = "Redis did not answer"
"""Stands in the message, which may go anywhere: where Redis is, is for the log alone."""
_NOTE_AGAIN_S = 12 * 3_600.0


class Memory(Protocol):
    """See ``store.greylist.RedisGreylist``; what it is asked may raise TemporaryFailure."""

    def recall(self, *, envelope: str, body: str, sender: str, now_s: float) -> Remembered:
        """Say since when the two have been known, and remember them from now on."""
        ...

    def note_sender(self, sender: str) -> None:
        """Remember a sender as known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GreylistSettings:
    """Who has to wait, and for how long."""

    delay_s: float = 300.0
    width: NetworkWidth = field(default_factory=NetworkWidth)
    exemptions: GreylistExemptions = field(default_factory=GreylistExemptions)


class GreylistStage:
    """Called with the decision of each message; made after a fork.

    A sender is known once mail of its domain has passed DMARC and was good, or has come again.
    """

    def __init__(
        self, memory: Memory, settings: GreylistSettings, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``clock`` measures for how long a known sender is not noted again."""
        self._memory = memory
        self._settings = settings
        self._is_news = RecentlyAsked(clock, forget_after_s=_NOTE_AGAIN_S).is_news

    def judge(self, transaction: Transaction, decision: Decision, examination: Examination) -> Decision:
        """Return the decision, or that a suspect is refused for now; sets ``facts.greylisting`` of suspects.

        Where the memory cannot be asked the message passes, and ``facts.not_checked`` says so.
        """
        if not is_judged(transaction, decision):
            if decision.verdict is Verdict.HAM and transaction.origin.direction is Direction.INBOUND:
                self._note_author(transaction)
            return decision
        started_s = time.perf_counter()
        result = self._result(transaction, examination.now_s)
        transaction.stage_ms[NAME] = (time.perf_counter() - started_s) * 1000
        transaction.facts.greylisting = result
        if result.status is GreylistStatus.UNKNOWN:
            transaction.facts.not_checked[NAME] = _UNKNOWN
        elif result.status is GreylistStatus.PASSED:
            self._note_author(transaction)
        return with_greylisting(decision, result)

    def _result(self, transaction: Transaction, now_s: float) -> GreylistResult:
        reason = exemption(transaction, self._settings.exemptions)
        if reason:
            return GreylistResult(status=GreylistStatus.PASSED, reason=reason)
        identity = identity_of(transaction, self._settings.width)
        try:
            remembered = self._memory.recall(
                envelope=identity.envelope,
                body=identity.body,
                sender=author_domain(transaction.facts),
                now_s=now_s,
            )
        except TemporaryFailure as error:
            return GreylistResult(status=GreylistStatus.UNKNOWN, reason=f"Redis {error}")
        return _result(remembered, self._settings.delay_s)

    def _note_author(self, transaction: Transaction) -> None:
        """Where that fails it is made up for with a later message, half a day on."""
        domain = author_domain(transaction.facts)
        if not domain or not self._is_news(domain):
            return
        try:
            self._memory.note_sender(domain)
        except TemporaryFailure:
            return


class GreylistTrial:
    """Tells what a message may expect, asks nothing and remembers nothing."""

    def __init__(self, settings: GreylistSettings) -> None:
        self._settings = settings

    def judge(
        self,
        transaction: Transaction,
        decision: Decision,
        examination: Examination,  # noqa: ARG002 - as for the stage itself
    ) -> Decision:
        """Return the decision as it is; sets ``facts.greylisting`` of suspects."""
        if is_judged(transaction, decision):
            transaction.facts.greylisting = self._expected(transaction)
        return decision

    def _expected(self, transaction: Transaction) -> GreylistResult:
        reason = exemption(transaction, self._settings.exemptions)
        if reason:
            return GreylistResult(status=GreylistStatus.PASSED, reason=reason)
        return GreylistResult(
            status=GreylistStatus.DELAYED,
            reason="it would have to come again, unless it has come before or its sender is known",
            wait_s=self._settings.delay_s,
        )


def _result(remembered: Remembered, delay_s: float) -> GreylistResult:
    passed = GreylistStatus.PASSED
    if remembered.knows_sender:
        return GreylistResult(status=passed, reason="DMARC passes, and the domain is known")
    if remembered.envelope_age_s >= delay_s:
        return GreylistResult(status=passed, reason=f"its envelope is known for {remembered.envelope_age_s:.0f} s")
    if remembered.body_age_s >= delay_s:
        return GreylistResult(status=passed, reason=f"its text is known for {remembered.body_age_s:.0f} s")
    oldest_s = max(remembered.envelope_age_s, remembered.body_age_s)
    reason = f"it has come again after {oldest_s:.0f} s, which is too soon" if oldest_s else "it is new"
    return GreylistResult(status=GreylistStatus.DELAYED, reason=reason, wait_s=delay_s - oldest_s)
