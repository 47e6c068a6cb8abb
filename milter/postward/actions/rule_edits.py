# SPDX-License-Identifier: GPL-3.0-or-later
"""Put what the rules want changed into the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.actions.plan import FLOODED, MAX_REMOVALS
from postward.model.action import Plan, RemoveHeader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.header import Headers
    from postward.model.rule_outcome import RuleResult


def with_rule_edits(plan: Plan, result: RuleResult, headers: Headers) -> Plan:
    """Give the plan with them; one that refuses the message stays as it is.

    ``headers`` are those with which the message came; what is removed from them already is removed once.
    """
    if plan.reply is not None:
        return plan
    gone = {removal.position for removal in plan.removals}
    ours = tuple(_removals(result, headers, gone))
    removals = tuple(sorted((*plan.removals, *ours), key=lambda removal: removal.position))
    if len(removals) > MAX_REMOVALS:
        return Plan(reply=FLOODED)
    return replace(
        plan,
        removals=removals,
        changes=(*plan.changes, *(change for change in result.changed if change.position not in gone)),
        additions=(*plan.additions, *result.added),
        new_sender=plan.new_sender if result.new_sender is None else result.new_sender,
        new_recipients=(*plan.new_recipients, *result.new_recipients),
        silent_recipients=(*plan.silent_recipients, *result.silent_recipients),
        dropped_recipients=(*plan.dropped_recipients, *result.dropped_recipients),
        new_body=plan.new_body if result.new_body is None else result.new_body,
        discards=plan.discards or result.discards,
    )


def _removals(result: RuleResult, headers: Headers, gone: set[int]) -> Iterator[RemoveHeader]:
    for position in result.removed_positions:
        if position in gone:
            continue
        field = headers[position]
        occurrence = headers.indexes(field.key).index(position) + 1
        yield RemoveHeader(name=field.name, occurrence=occurrence, position=position)
