"""What a milter worker drives: the pipeline with its resolver, look-ups ahead, and the report afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.own_fields import note_unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.resolver import Lookup
    from postward.model.action import Plan
    from postward.model.header import HeaderField
    from postward.model.transaction import Transaction
    from postward.pipeline.evaluation import Pipeline
    from postward.pipeline.prefetching import Prefetching


class PipelineEngine:
    """One worker's engine.

    ``make_lookup`` gives the look-up of one message, with that message's budget; ``report`` gets every
    finished message with its outcome and reply; ``close`` ends what the worker has started.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        prefetching: Prefetching,
        *,
        make_lookup: Callable[[], Lookup],
        report: Callable[[Transaction, str, str], None],
        close: Callable[[], None],
    ) -> None:
        self._pipeline = pipeline
        self._prefetching = prefetching
        self._make_lookup = make_lookup
        self._report = report
        self._close = close

    def connected(self, transaction: Transaction) -> None:
        """Note that a client has connected; called on libmilter's thread."""
        self._prefetching.connected(transaction)

    def helo_given(self, transaction: Transaction) -> None:
        """Note the HELO name; its look-ups start with those of the envelope sender."""

    def sender_given(self, transaction: Transaction) -> None:
        """Note the envelope sender; called on libmilter's thread."""
        self._prefetching.sender_given(transaction)

    def field_seen(self, transaction: Transaction, field: HeaderField) -> None:
        """Note one header field; called on libmilter's thread."""
        self._prefetching.field_seen(transaction, field)

    def field_unread(self, transaction: Transaction, name: bytes) -> None:
        """Note one header field that is not kept; called on libmilter's thread."""
        note_unread(transaction, name)

    def evaluate(self, transaction: Transaction) -> None:
        """Run the pipeline; called on a thread that Python made."""
        self._pipeline.evaluate(transaction, self._make_lookup())

    def fallback(self, transaction: Transaction, reason: str) -> Plan:
        """Plan for a message that could not be evaluated."""
        return self._pipeline.fallback(transaction, reason)

    def finished(self, transaction: Transaction, outcome: str, reply: str) -> None:
        """Report a finished message; called off the reply path."""
        self._report(transaction, outcome, reply)

    def close(self) -> None:
        """End the resolver and whatever else the worker has started."""
        self._close()
