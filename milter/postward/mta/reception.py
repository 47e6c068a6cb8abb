# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer to a recipient: from memory at once, or from a thread that Python made, in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.not_remembered import NOT_REMEMBERED
from postward.mta.judging import TRY_AGAIN
from postward.mta.settings import FailureAction

if TYPE_CHECKING:
    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction
    from postward.mta.engine import Engine
    from postward.mta.pools import Pools
    from postward.mta.settings import MtaSettings
    from postward.observability.logger import EventLog


class Reception:
    """Asks the engine about recipients; called on libmilter's threads, which wait."""

    def __init__(self, engine: Engine, pools: Pools, settings: MtaSettings, log: EventLog) -> None:
        self._engine = engine
        self._pools = pools
        self._settings = settings
        self._log = log

    def reply_to(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Return what to answer; None takes the recipient."""
        if not self._engine.answers_recipients:
            return None
        remembered = self._engine.recall_recipient(transaction, recipient)
        reply = self._asked(transaction, recipient) if remembered is NOT_REMEMBERED else remembered
        if reply is not None:
            # The log may be slow, and libmilter's thread has nothing to do with it.
            self._pools.of(transaction).submit(lambda: self._engine.recipient_refused(transaction, recipient, reply))
        return reply

    def _asked(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        replies: list[Reply | None] = []
        pool = self._pools.of(transaction)
        ticket = pool.submit(lambda: replies.append(self._engine.judge_recipient(transaction, recipient)))
        deadline_s = self._settings.recipient_deadline_s
        if not ticket.wait(deadline_s) and ticket.abandon():
            return self._failed(transaction, recipient, f"not answered within {deadline_s:g} s")
        if ticket.error is not None:
            return self._failed(transaction, recipient, f"{type(ticket.error).__name__}: {ticket.error}")
        return replies[0]

    def _failed(self, transaction: Transaction, recipient: Recipient, reason: str) -> Reply | None:
        """Take the failure action: nobody is told that a recipient does not exist because we could not find out."""
        self._log.error("recipient.not_judged", id=transaction.id, reason=reason)
        if self._settings.failure_action is FailureAction.TEMPFAIL:
            return TRY_AGAIN
        return self._engine.unanswered_recipient(transaction, recipient)
