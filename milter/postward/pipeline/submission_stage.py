"""What mail of our own users lacks, or must have instead of what they wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.actions.plan import FLOODED, MAX_REMOVALS
from postward.actions.submission_fields import submission_fields
from postward.model.action import Plan
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.actions.submission import SubmissionSettings
    from postward.checks.examination import Examination


class SubmissionStage:
    """Adds and replaces; ``random`` gives that many octets that nobody can guess."""

    def __init__(self, settings: SubmissionSettings, random: Callable[[int], bytes]) -> None:
        self._settings = settings
        self._random = random

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Complete mail of our own users."""
        transaction = examination.transaction
        if transaction.origin.direction is not Direction.OUTBOUND:
            return plan
        rights = transaction.facts.sender_rights
        fields = submission_fields(transaction, rights, self._settings, examination.now_s, self._random)
        if fields.replaced_from and rights is not None:
            transaction.facts.sender_rights = replace(rights, replaced_from=fields.replaced_from)
        removals = (*plan.removals, *fields.removals)
        if len(removals) > MAX_REMOVALS:
            return Plan(reply=FLOODED)
        return replace(
            plan,
            removals=removals,
            additions=(*plan.additions, *fields.additions),
            new_sender=plan.new_sender if fields.new_sender is None else fields.new_sender,
        )
