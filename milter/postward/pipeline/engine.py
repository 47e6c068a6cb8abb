# SPDX-License-Identifier: GPL-3.0-or-later
"""What a milter worker drives: the pipeline with its resolver, look-ups ahead, and the report afterwards."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from postward.actions.own_fields import note_unread
from postward.store.spending import spending

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.dns.resolver import Lookup
    from postward.model.action import Plan, Reply
    from postward.model.envelope import Recipient
    from postward.model.header import HeaderField
    from postward.model.not_remembered import NotRemembered
    from postward.model.transaction import Transaction
    from postward.pipeline.evaluation import Pipeline
    from postward.pipeline.prefetching import Prefetching
    from postward.pipeline.recipient_desk import RecipientDesk
    from postward.pipeline.rule_question import RuleQuestion
    from postward.pipeline.shedding import LoadShedding


class PipelineEngine:
    """One worker's engine.

    ``desk`` answers recipients, None takes them all; ``rules`` are those among its questions that say what becomes of
    recipients whom it could not answer; ``shedding`` lets work in, None all of it.  ``make_lookup`` gives the look-up
    of one message, with that message's budget; ``report`` gets every finished message with its outcome and reply,
    ``report_refusal`` every refused recipient; ``afterwards`` get every finished message with its outcome, each
    whether another fails or not; ``close`` ends what the worker has started.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        prefetching: Prefetching,
        *,
        desk: RecipientDesk | None = None,
        rules: RuleQuestion | None = None,
        shedding: LoadShedding | None = None,
        changes_envelope: bool = False,
        changes_body: bool = False,
        make_lookup: Callable[[], Lookup],
        report: Callable[[Transaction, str, str], None],
        report_refusal: Callable[[Transaction, Recipient, Reply], None],
        afterwards: Sequence[Callable[[Transaction, str], None]] = (),
        close: Callable[[], None],
    ) -> None:
        self._pipeline = pipeline
        self._prefetching = prefetching
        self._desk = desk
        self._rules = rules
        self.shedding = shedding
        self.changes_envelope = changes_envelope
        self.changes_body = changes_body
        self._make_lookup = make_lookup
        self._report = report
        self._report_refusal = report_refusal
        self._afterwards = tuple(afterwards)
        self._close = close

    def connected(self, transaction: Transaction) -> None:
        """Note that a client has connected; called on libmilter's thread."""
        self._prefetching.connected(transaction)

    def helo_given(self, transaction: Transaction) -> None:
        """Note the HELO name; its look-ups start with those of the envelope sender."""

    def sender_given(self, transaction: Transaction) -> None:
        """Note the envelope sender; called on libmilter's thread."""
        self._prefetching.sender_given(transaction)

    @property
    def answers_recipients(self) -> bool:
        """Whether recipients may be refused."""
        return self._desk is not None

    def recall_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        """Answer a recipient from memory; called on libmilter's thread."""
        return self._desk.recall(transaction, recipient) if self._desk else None

    def judge_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer a recipient; called on a thread that Python made."""
        with spending(transaction.redis_budget):
            return self._desk.judge(transaction, recipient) if self._desk else None

    def unanswered_recipient(self, transaction: Transaction, _recipient: Recipient) -> Reply | None:
        """Answer a recipient that could not be judged; called on libmilter's thread."""
        return self._rules.unanswered(transaction) if self._rules else None

    def recipient_refused(self, transaction: Transaction, recipient: Recipient, reply: Reply) -> None:
        """Report a refused recipient; called on a thread that Python made."""
        self._report_refusal(transaction, recipient, reply)

    def field_seen(self, transaction: Transaction, field: HeaderField) -> None:
        """Note one header field; called on libmilter's thread."""
        self._prefetching.field_seen(transaction, field)

    def field_unread(self, transaction: Transaction, name: bytes) -> None:
        """Note one header field that is not kept; called on libmilter's thread."""
        note_unread(transaction, name)

    def evaluate(self, transaction: Transaction) -> None:
        """Run the pipeline; called on a thread that Python made."""
        with spending(transaction.redis_budget):
            self._pipeline.evaluate(transaction, self._make_lookup())

    def fallback(self, transaction: Transaction, reason: str) -> Plan:
        """Plan for a message that could not be evaluated."""
        return self._pipeline.fallback(transaction, reason)

    def finished(self, transaction: Transaction, outcome: str, reply: str) -> None:
        """Report a finished message, and learn from it; called off the reply path."""
        with ExitStack() as steps:
            for step in reversed(self._afterwards):
                steps.callback(step, transaction, outcome)
            self._report(transaction, outcome, reply)

    def close(self) -> None:
        """End the resolver and whatever else the worker has started."""
        self._close()
