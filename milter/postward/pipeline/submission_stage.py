# SPDX-License-Identifier: GPL-3.0-or-later
"""What mail of our own users lacks, or must have instead of what they wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.actions.plan import FLOODED, MAX_REMOVALS
from postward.actions.submission_fields import submission_fields
from postward.model.action import Plan
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from postward.actions.submission import SubmissionSettings
    from postward.checks.examination import Examination
    from postward.model.action import AddHeader

_ONCE = frozenset({"Date", "Message-ID"})


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
            additions=(*plan.additions, *_still_missing(fields.additions, plan)),
            new_sender=plan.new_sender if fields.new_sender is None else fields.new_sender,
        )


def _still_missing(additions: Iterable[AddHeader], plan: Plan) -> Iterator[AddHeader]:
    """Leave out what a rule has added already (RFC 5322 section 3.6: there is one of each)."""
    present = {addition.name.lower() for addition in plan.additions}
    return (addition for addition in additions if addition.name not in _ONCE or addition.name.lower() not in present)
