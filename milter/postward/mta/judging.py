# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a message: hand it over, keep the MTA waiting, and answer by the deadline whatever happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import milter
from postward.model.action import NOTHING, Plan, Reply
from postward.mta.engine import Outcome
from postward.mta.settings import FailureAction

if TYPE_CHECKING:
    from collections.abc import Callable

    from milter import Context
    from postward.model.transaction import Transaction
    from postward.mta.engine import Engine
    from postward.mta.evaluation_pool import Ticket
    from postward.mta.pools import Pools
    from postward.mta.settings import MtaSettings
    from postward.observability.logger import EventLog

_FALLBACK_TIMEOUT_S = 3.0
TRY_AGAIN = Reply(code=451, enhanced="4.7.1", text="Service unavailable - try again later")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is to be done with a message, and how that came about."""

    transaction: Transaction
    plan: Plan
    outcome: Outcome


def shed(transaction: Transaction, reply: Reply) -> Judgement:
    """Ask for the message again, and look at nothing of it."""
    transaction.plan = Plan(reply=reply)
    return Judgement(transaction=transaction, plan=transaction.plan, outcome=Outcome.SHED)


class Judge:
    """Has messages evaluated by an engine, in time."""

    def __init__(
        self,
        engine: Engine,
        pools: Pools,
        settings: MtaSettings,
        log: EventLog,
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._pools = pools
        self._settings = settings
        self._log = log
        self._monotonic = monotonic

    def judge(self, transaction: Transaction, ctx: Context) -> Judgement:
        """Evaluate a complete message; on libmilter's thread, which waits."""
        ticket = self._pools.of(transaction).submit(lambda: self._engine.evaluate(transaction))
        if not self._wait(ticket, ctx) and ticket.abandon():
            reason = f"not evaluated within {self._settings.deadline_s:g} s"
            # What the abandoned evaluation still writes goes to a transaction that nobody looks at.  It is told before
            # the rules are looked at: where they are not seen, nothing that they want kept is kept.
            transaction.is_given_up = True
            return self.fall_back(transaction.detached(), reason, Outcome.TIMED_OUT)
        if ticket.error is not None:
            return self.fall_back(transaction, _in_words(ticket.error), Outcome.FAILED)
        if transaction.plan is None:
            return self.fall_back(transaction, "the evaluation made no plan", Outcome.FAILED)
        return Judgement(transaction=transaction, plan=transaction.plan, outcome=Outcome.EVALUATED)

    def _wait(self, ticket: Ticket, ctx: Context) -> bool:
        """Wait until the deadline, telling the MTA now and then that there is somebody; True where it is done."""
        deadline = self._monotonic() + self._settings.deadline_s
        while (left := deadline - self._monotonic()) > 0:
            if ticket.wait(min(left, self._settings.progress_interval_s)):
                return True
            try:
                ctx.progress()
            except milter.error:
                # The MTA has gone; nobody waits for the answer any more.
                return False
        return False

    def fall_back(self, transaction: Transaction, reason: str, outcome: Outcome) -> Judgement:
        """Take the failure action: the engine's, or where even that fails, the bare one of the settings."""
        self._log.error("message.not_judged", id=transaction.id, queue_id=transaction.queue_id, reason=reason)
        plans: list[Plan] = []
        pool = self._pools.of(transaction)
        ticket = pool.submit(lambda: plans.append(self._engine.fallback(transaction, reason)), is_urgent=True)
        if not ticket.wait(_FALLBACK_TIMEOUT_S) and ticket.abandon():
            self._log.error("message.no_fallback", id=transaction.id, reason="timed out")
        elif ticket.error is not None:
            self._log.error("message.no_fallback", id=transaction.id, reason=_in_words(ticket.error))
        plan = plans[0] if plans else self.bare_plan()
        transaction.plan = plan
        return Judgement(transaction=transaction, plan=plan, outcome=outcome)

    def bare_plan(self) -> Plan:
        """The failure action without any header."""
        return Plan(reply=TRY_AGAIN) if self._settings.failure_action is FailureAction.TEMPFAIL else NOTHING


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
