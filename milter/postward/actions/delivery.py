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
    for position, addition in enumerate(plan.additions):
        kept.insert(position, _raw(addition))
    return b"".join((*kept, b"\r\n", *transaction.body.chunks()))


def _raw(addition: AddHeader) -> bytes:
    return addition.name.encode("ascii") + b": " + addition.value + b"\r\n"
