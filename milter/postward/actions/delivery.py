"""Carry a Plan out on a message in memory: its header, and the bytes, as the MTA would deliver them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.header import HeaderField, Headers

if TYPE_CHECKING:
    from postward.model.action import AddHeader, Plan
    from postward.model.transaction import Transaction


def delivered_headers(transaction: Transaction, plan: Plan) -> Headers:
    """Give the header with the plan's removals and additions carried out."""
    gone = {removal.position for removal in plan.removals}
    fields = [field for position, field in enumerate(transaction.headers) if position not in gone]
    # As in the milter, each lands above those before it, so that fields of one index stand in the order of the plan.
    for addition in reversed([each for each in plan.additions if not each.at_bottom]):
        fields.insert(addition.index, field_of(addition))
    fields.extend(field_of(addition) for addition in plan.additions if addition.at_bottom)
    return Headers(fields)


def delivered_message(transaction: Transaction, plan: Plan) -> bytes:
    """Give the message with the plan's removals and additions carried out."""
    header = (field.raw for field in delivered_headers(transaction, plan))
    return b"".join((*header, b"\r\n", *transaction.body.chunks()))


def field_of(addition: AddHeader) -> HeaderField:
    """Give a field as the MTA writes it: with one space behind the colon."""
    return HeaderField(addition.name.encode("ascii"), b" " + addition.value)
