# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry a Plan out on a message in memory: its header, and the bytes, as the MTA would deliver them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.body import Body
from postward.model.header import HeaderField, Headers

if TYPE_CHECKING:
    from postward.model.action import AddHeader, HeaderChange, Plan
    from postward.model.transaction import Transaction


def delivered_headers(transaction: Transaction, plan: Plan) -> Headers:
    """Give the header with the plan's changes, removals and additions carried out."""
    changed = {change.position: _changed_field(change) for change in plan.changes}
    gone = {removal.position for removal in plan.removals}
    fields = [
        changed.get(position, field) for position, field in enumerate(transaction.headers) if position not in gone
    ]
    # As in the milter, each lands above those before it, so that fields of one index stand in the order of the plan.
    for addition in reversed([each for each in plan.additions if not each.at_bottom]):
        fields.insert(addition.index, field_of(addition))
    fields.extend(field_of(addition) for addition in plan.additions if addition.at_bottom)
    return Headers(fields)


def delivered_body(transaction: Transaction, plan: Plan) -> Body:
    """Give the body; the milter protocol has no way to put nothing in its place, so that this becomes an empty line."""
    return transaction.body if plan.new_body is None else Body(plan.new_body or b"\r\n")


def delivered_message(transaction: Transaction, plan: Plan) -> bytes:
    """Give the message with all that the plan does to its header and body carried out."""
    header = (field.raw for field in delivered_headers(transaction, plan))
    return b"".join((*header, b"\r\n", *delivered_body(transaction, plan).chunks()))


def field_of(addition: AddHeader) -> HeaderField:
    """Give a field as the MTA writes it: with one space behind the colon."""
    return HeaderField(addition.name.encode("ascii"), b" " + addition.value)


def _changed_field(change: HeaderChange) -> HeaderField:
    # The MTA writes the name that it is given, which has no white space before the colon.
    return HeaderField(change.name.rstrip(b" \t"), b" " + change.value)
