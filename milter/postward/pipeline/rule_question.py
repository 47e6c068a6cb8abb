# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the transport rules take a recipient: those that need nothing but the envelope."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.checks.origin import envelope_origin
from postward.model.not_remembered import NOT_REMEMBERED
from postward.rules.message.builder import DIRECTIONS, envelope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.checks.origin import OriginSettings
    from postward.model.action import Reply
    from postward.model.envelope import Recipient
    from postward.model.not_remembered import NotRemembered
    from postward.model.rule_outcome import RuleMatch
    from postward.model.transaction import Transaction
    from postward.rules.at_recipient import RecipientRules
    from postward.rules.services import RuleServices


class RuleQuestion:
    """``report`` is told of every rule that matched and of the rules' digest, on the thread that asks."""

    def __init__(
        self,
        rules: RecipientRules,
        services: RuleServices,
        origin: OriginSettings,
        report: Callable[[Transaction, tuple[RuleMatch, ...], str], None],
        *,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._rules = rules
        self._services = services
        self._origin = origin
        self._report = report
        self._wall_clock = wall_clock

    def recall(self, _transaction: Transaction, _recipient: Recipient) -> Reply | NotRemembered | None:
        """Have the rules evaluated where that is allowed to take time: patterns are matched by C code."""
        return NOT_REMEMBERED

    def unanswered(self, transaction: Transaction) -> Reply | None:
        """Give what the rules' ``on_error`` says of a recipient whom they could not be asked about; never blocks."""
        origin = envelope_origin(transaction, self._origin)
        if origin is None:
            return None
        sender = transaction.known_sender
        return self._rules.unanswered(
            DIRECTIONS[origin.direction], self._wall_clock(), is_bounce=sender is None or sender.address.is_null
        )

    def judge(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        """Evaluate the rules; what comes from this host is left to the end, for it may have been judged before."""
        origin = envelope_origin(transaction, self._origin)
        if origin is None:
            return None
        message = envelope_of(transaction, recipient, origin, self._services.directory, now_s=self._wall_clock())
        answer = self._rules.answer(message, self._services)
        if answer.matches:
            self._report(transaction, answer.matches, self._rules.digest)
        return answer.reply
