# SPDX-License-Identifier: GPL-3.0-or-later
"""Put bounces off while nobody can tell whose return path they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.action import Reply
from postward.pipeline.known_recipient import NOT_LOOKED_UP

if TYPE_CHECKING:
    from postward.model.envelope import Recipient
    from postward.model.not_remembered import NotRemembered
    from postward.model.transaction import Transaction
    from postward.pipeline.recipient_desk import RecipientQuestion
    from postward.signing.return_path import ReturnPathSettings


class UnreadableReturnPath:
    """Without its secret a return path of ours looks like nobody; it is put off, not refused for good."""

    def __init__(self, question: RecipientQuestion, settings: ReturnPathSettings) -> None:
        self._question = question
        self._settings = settings

    def recall(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        """Answer from memory."""
        answer = self._question.recall(transaction, recipient)
        return self._softened(answer, recipient) if isinstance(answer, Reply) else answer

    def judge(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer by asking."""
        answer = self._question.judge(transaction, recipient)
        return None if answer is None else self._softened(answer, recipient)

    def _softened(self, answer: Reply, recipient: Recipient) -> Reply:
        return NOT_LOOKED_UP if self._settings.has_form(recipient.address.text) else answer
