# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the envelope sender is one that the login may use, asked before a message comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.submission import envelope_reply
from postward.model.not_remembered import NOT_REMEMBERED, NotRemembered

if TYPE_CHECKING:
    from postward.actions.submission import SubmissionSettings
    from postward.checks.sender import SenderCheck
    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction


class SenderQuestion:
    """Refuses every recipient of a sender who may not use that address: so the client learns of it at once."""

    def __init__(self, check: SenderCheck, settings: SubmissionSettings) -> None:
        self._check = check
        self._settings = settings

    def recall(self, transaction: Transaction, _recipient: Recipient) -> Reply | NotRemembered | None:
        """Answer from what the directory remembers."""
        rights = self._check.recall_envelope(transaction)
        return NOT_REMEMBERED if isinstance(rights, NotRemembered) else envelope_reply(rights, self._settings)

    def judge(self, transaction: Transaction, _recipient: Recipient) -> Reply | None:
        """Answer by asking the directory."""
        return envelope_reply(self._check.judge_envelope(transaction), self._settings)
