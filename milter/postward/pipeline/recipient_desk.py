# SPDX-License-Identifier: GPL-3.0-or-later
"""What is answered to a recipient while the envelope comes in: every question, from memory or by asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from postward.model.not_remembered import NOT_REMEMBERED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.not_remembered import NotRemembered
    from postward.model.transaction import Transaction


class RecipientQuestion(Protocol):
    """One reason for which a recipient may be refused."""

    def recall(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        """Answer without asking anybody; None takes the recipient.  Never blocks, on any thread."""
        ...

    def judge(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer, and ask whoever knows; on a thread that Python made."""
        ...


class RecipientDesk:
    """Asks the questions in their order: the first refusal counts."""

    def __init__(self, questions: Sequence[RecipientQuestion]) -> None:
        self._questions = tuple(questions)

    def recall(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        """Answer from memory; not where a question before the first refusal has yet to be asked."""
        for question in self._questions:
            answer = question.recall(transaction, recipient)
            if answer is not None:
                return answer
        return None

    def judge(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Answer, asking where nothing is remembered."""
        for question in self._questions:
            answer = question.recall(transaction, recipient)
            if answer is NOT_REMEMBERED:
                answer = question.judge(transaction, recipient)
            if answer is not None:
                return answer
        return None
