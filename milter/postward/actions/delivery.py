"""Carry a Plan out on a message in memory: the bytes as the MTA would deliver them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.action import AddHeader, Plan
    from postward.model.transaction import Transaction


def delivered_message(transaction: Transaction, plan: Plan) -> bytes:
    """Give the message with the plan's removals and additions carried out."""
    gone = {removal.position for removal in plan.removals}
    kept = [field.raw for position, field in enumerate(transaction.headers) if position not in gone]
    # As in the milter, each lands above those before it, so that fields of one index stand in the order of the plan.
    for addition in reversed(plan.additions):
        kept.insert(addition.index, _raw(addition))
    return b"".join((*kept, b"\r\n", *transaction.body.chunks()))


def _raw(addition: AddHeader) -> bytes:
    return addition.name.encode("ascii") + b": " + addition.value + b"\r\n"
