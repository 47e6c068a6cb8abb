# SPDX-License-Identifier: GPL-3.0-or-later
"""One message as it comes in: kept within bounds, or given up as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.errors import StageError
from postward.mta.recording import field_of

if TYPE_CHECKING:
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction
    from postward.mta.service import Service

_FIELD_OVERHEAD_BYTES = 3
"""Colon and line end of a field."""


class Intake:
    """Fills a Transaction; from its first ``problem`` on the message gets the failure action at its end.

    There may be a problem before there is a Transaction: it is one of the message that comes next.
    """

    __slots__ = ("_has_failed", "_header_bytes", "_service", "_transaction", "has_begun", "problem")

    def __init__(self, service: Service) -> None:
        self._service = service
        self._transaction: Transaction | None = None
        self._has_failed = False
        self._header_bytes = 0
        self.has_begun = False
        """There is a Transaction."""
        self.problem = ""
        """Why the message cannot be judged, in words; "" where it can."""

    @property
    def has_recipients(self) -> bool:
        """The MTA has accepted a recipient, so that there is a message to tell of."""
        return self._transaction is not None and bool(self._transaction.recipients)

    @property
    def transaction(self) -> Transaction:
        """What has come so far; raises StageError before ``begin``."""
        if self._transaction is None:
            raise StageError("message")
        return self._transaction

    def begin(self, transaction: Transaction) -> None:
        """Fill this Transaction."""
        self._transaction = transaction
        self.has_begun = True

    def add_recipient(self, recipient: Recipient) -> None:
        """Keep a recipient that the MTA accepted."""
        recipients = self.transaction.recipients
        if len(recipients) >= self._service.limits.max_recipients:
            self.give_up("too many recipients")
        else:
            recipients.append(recipient)

    def add_field(self, name: bytes, value: bytes, *, keeps_leading_space: bool) -> None:
        """Keep a header field, and let the engine know; see ``recording.field_of``."""
        transaction, service = self.transaction, self._service
        limits = service.limits
        self._header_bytes += len(name) + len(value) + _FIELD_OVERHEAD_BYTES
        if len(transaction.fields) >= limits.max_header_fields or self._header_bytes > limits.max_header_bytes:
            transaction.is_header_cut = True
            service.engine.field_unread(transaction, name)
            self.give_up("the header is too large")
            return
        field = field_of(name, value, keeps_leading_space=keeps_leading_space)
        transaction.fields.append(field)
        service.engine.field_seen(transaction, field)

    def add_to_body(self, chunk: bytes) -> None:
        """Keep a piece of the body; of a message that cannot be judged any more, nothing is kept."""
        body = self.transaction.body
        if self.problem:
            self._let_go_of_body()
        elif body.size_bytes + len(chunk) > self._service.limits.max_body_bytes:
            self.give_up("the body is too large")
        else:
            try:
                body.append(chunk)
            except OSError as error:
                self.give_up("the body could not be stored")
                self.note("spool.failed", error)

    def give_up(self, problem: str) -> None:
        """Do not have the message judged; the first problem is the one that is told."""
        self.problem = self.problem or problem

    def fail(self, error: Exception) -> None:
        """Give up because a callback raised.

        It may be for want of memory, and every further piece of the body may raise again: what was kept of it is
        let go at once, and the message is told of once.
        """
        self.give_up(f"{type(error).__name__}: {error}")
        if self._has_failed:
            return
        self._has_failed = True
        self._let_go_of_body()
        self.note("session.failed", error)

    def note(self, event: str, error: Exception) -> None:
        """Log what has gone wrong, under the message's id."""
        known = self._transaction.id if self._transaction is not None else None
        self._service.log.error(event, id=known, error=type(error).__name__, text=str(error))

    def _let_go_of_body(self) -> None:
        if self._transaction is not None:
            self._transaction.body = self._transaction.body.without_content()
