# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes after the plan proper: each stage adds to it, and the last ones sign what has become of the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from postward.checks.examination import Examination
    from postward.model.action import Plan


class PlanStage(Protocol):
    """Completes the plan of a message that is neither refused nor left alone."""

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Return the plan with what this stage adds; ``plan`` itself where that is nothing."""
        ...


class PlanStages:
    """The stages in their order; a plan that refuses the message goes no further.

    One that discards it does: it may have been kept for later, and is then sent on as it is.
    """

    def __init__(self, *stages: PlanStage, again: tuple[PlanStage, ...] = ()) -> None:
        """``again``: those for what was completed before, and comes back."""
        self._stages = stages
        self._again = again

    def complete(self, plan: Plan, examination: Examination) -> Plan:
        """Return the plan as it is carried out."""
        return _completed(self._stages, plan, examination)

    def complete_again(self, plan: Plan, examination: Examination) -> Plan:
        """Return the plan of a message that was completed when it came first."""
        return _completed(self._again, plan, examination)


def _completed(stages: tuple[PlanStage, ...], plan: Plan, examination: Examination) -> Plan:
    for stage in stages:
        if plan.reply is not None:
            break
        plan = stage.complete(plan, examination)
    return plan
