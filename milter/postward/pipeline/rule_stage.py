# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport rules, on a whole message: what comes of them goes into the Transaction."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.actions.own_fields import forged_fields
from postward.actions.rule_symbols import rule_symbols
from postward.checks.origin import envelope_origin
from postward.model.action import Reply
from postward.model.origin import Direction
from postward.model.rule_action import Defer, Quarantine, Reject
from postward.model.rule_outcome import RuleOutcome, RuleResult
from postward.rules.message.builder import DIRECTIONS, message_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.checks.examination import Examination
    from postward.checks.origin import OriginSettings
    from postward.mime.message import MimeMessage
    from postward.model.transaction import Transaction
    from postward.rules.evaluation import RuleEvaluation
    from postward.rules.message.builder import InspectionSettings
    from postward.rules.message.message import Message
    from postward.rules.services import RuleServices


class RuleStage:
    """Evaluates all mail but what came back from a content filter, for which they were evaluated before."""

    def __init__(
        self,
        evaluation: RuleEvaluation,
        services: RuleServices,
        inspection: InspectionSettings,
        origin: OriginSettings,
        *,
        authserv_id: str,
        hides_subdomain_results: bool = False,
    ) -> None:
        """``hides_subdomain_results``: results of sub-domains of ``authserv_id`` claim to be ours too."""
        self._evaluation = evaluation
        self._services = services
        self._inspection = inspection
        self._origin = origin
        self._authserv_id = authserv_id
        self._hides_subdomain_results = hides_subdomain_results

    def evaluate(self, transaction: Transaction, examination: Examination) -> None:
        """Set ``transaction.rules``, and add what the rules add to the score."""
        if transaction.origin.direction is Direction.REINJECTED:
            return
        started_s = time.perf_counter()
        outcome = self._evaluation.evaluate(
            self.message(transaction, examination.now_s, lambda: examination.mime),
            self._services,
            # See RuleQuestion: it leaves them to this stage.
            recipients_unanswered=envelope_origin(transaction, self._origin) is None,
        )
        transaction.rules = outcome
        transaction.symbols = (*transaction.symbols, *rule_symbols(outcome))
        transaction.stage_ms["rules"] = (time.perf_counter() - started_s) * 1000

    def unasked(self, transaction: Transaction, now_s: float) -> RuleOutcome | None:
        """Give what the rules want of a message that they could not be asked about; None where that is nothing."""
        sender = transaction.known_sender
        match = self._evaluation.unasked(
            DIRECTIONS[transaction.origin.direction],
            now_s,
            is_bounce=sender is None or sender.address.is_null,
        )
        if match is None:
            return None
        (action,) = match.taken
        if isinstance(action, Quarantine):
            result = RuleResult(hold_reason=f"rule {match.rule} could not be evaluated", decided_by=match.rule)
        else:
            assert isinstance(action, Reject | Defer)  # noqa: S101 - see RuleEvaluation.unasked
            reply = Reply(code=action.code, enhanced=action.enhanced, text=action.text)
            result = RuleResult(reply=reply, decided_by=match.rule)
        return RuleOutcome(matches=(match,), result=result)

    def message(self, transaction: Transaction, now_s: float, mime: Callable[[], MimeMessage] | None = None) -> Message:
        """Give the message as rules see it: without the fields that it brought along and only we may write.

        ``mime`` gives its parts where they may have been read already.
        """
        forged = forged_fields(
            transaction.headers, self._authserv_id, remove_subdomain_results=self._hides_subdomain_results
        )
        return message_of(
            transaction,
            self._services.directory,
            now_s=now_s,
            settings=self._inspection,
            hidden=frozenset(removal.position for removal in forged),
            mime=mime,
        )
