# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask about whom a bounce is for, not about the return path that it was sent to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.model.envelope import EnvelopeAddress

if TYPE_CHECKING:
    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.not_remembered import NotRemembered
    from postward.model.transaction import Transaction
    from postward.pipeline.recipient_desk import RecipientQuestion
    from postward.signing.return_path import ReturnPaths


class RestoredRecipient:
    """Puts a question about the restored recipient; one that is no return path of ours is asked about as it is."""

    def __init__(self, question: RecipientQuestion, return_paths: ReturnPaths) -> None:
        self._question = question
        self._return_paths = return_paths

    def recall(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        """Answer from memory."""
        return self._question.recall(transaction, self._restored(transaction, recipient))

    def judge(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer by asking."""
        return self._question.judge(transaction, self._restored(transaction, recipient))

    def _restored(self, transaction: Transaction, recipient: Recipient) -> Recipient:
        returned = self._return_paths.read(recipient.address.text, transaction.started_s)
        if returned is None or not returned.address:
            return recipient
        return replace(recipient, address=EnvelopeAddress(returned.address))
