# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that would be left without any recipient: an MTA takes it, and it is gone without a word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.model.verdict import Decision, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection

    from postward.model.action import Plan

REASON = "no recipient is left"


def is_emptied(plan: Plan, recipients: Collection[str]) -> bool:
    """Whether ``plan`` takes off all of ``recipients``, who are those of the envelope as they came, and adds none."""
    if plan.reply is not None or plan.discards or not plan.dropped_recipients:
        return False
    is_added_to = plan.new_recipients or plan.silent_recipients
    return not is_added_to and set(recipients) <= set(plan.dropped_recipients)


def without_vanishing(plan: Plan) -> Plan:
    """Discard an emptied message, which is told like any other verdict; one on hold keeps its recipients instead."""
    if plan.hold is not None:
        return replace(plan, dropped_recipients=())
    return replace(plan, discards=True)


def as_discarded(decision: Decision) -> Decision:
    """Give the decision as it is told of a message that is left without recipients."""
    return replace(decision, verdict=Verdict.DISCARD, reason=REASON)
