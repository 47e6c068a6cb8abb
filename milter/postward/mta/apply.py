# SPDX-License-Identifier: GPL-3.0-or-later
"""From a Plan to calls of libmilter: checked as a whole first, then carried out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import milter
from postward.actions.route_field import is_routed
from postward.mta.answer import Answer, PlanRefusedError, give_reply, printable
from postward.mta.body_lines import line_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milter import Context
    from postward.model.action import AddHeader, HeaderChange, Plan, RemoveHeader
    from postward.model.body import Body
    from postward.mta.negotiation import Negotiated

_FIELD_NAME = re.compile(r"[!-9;-~]+", re.ASCII)
_UNSAFE_VALUE = re.compile(r"[\x00\r]|\n(?![ \t])", re.ASCII)
_UNSAFE_PATH = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
"""A lone surrogate stands for an octet that is not UTF-8 and cannot be handed to libmilter."""
_QUOTED_PART = re.compile(r'"(?:[^"\\\x00-\x1f\x7f\ud800-\udfff]|\\[ -~])*+"(?=@|\Z)', re.ASCII)
"""A local part that came with an address may hold blanks and angle brackets (RFC 5321 section 4.1.2)."""
_MAX_PATH_OCTETS = 1000
_BOTTOM = -1
"""pymilter's word for "below all fields"."""
_MAX_PIECE_BYTES = 65_535
"""Of a body, in one packet of the milter protocol."""
_NEVER_TOLD = "NOTIFY=NEVER"

ACCEPTED = "accept"

_Call = tuple[str, tuple[str | bytes | int | None, ...]]
"""A method of pymilter's context, and what it is called with."""


def apply_plan(plan: Plan, ctx: Context, negotiated: Negotiated, body: Body | None = None) -> Answer:
    """Carry out ``plan`` at the end of a message; raises PlanRefusedError before anything was done.

    ``body`` is the one that came: a fault of its lines may stay in what takes its place.
    """
    if plan.reply is not None:
        return give_reply(plan.reply, ctx)
    if plan.discards:
        return Answer(code=milter.DISCARD, reply=ACCEPTED)
    calls = [*_header_calls(plan, negotiated), *_body_calls(plan, negotiated, body), *_envelope_calls(plan, negotiated)]
    if plan.hold is not None:
        if not negotiated.may_hold:
            raise PlanRefusedError("the MTA does not let us put it on hold")
        calls.append(("quarantine", (printable(plan.hold.reason),)))
    for method, arguments in calls:
        getattr(ctx, method)(*arguments)
    return Answer(code=milter.CONTINUE, reply=ACCEPTED)


def _header_calls(plan: Plan, negotiated: Negotiated) -> Iterator[_Call]:
    """Change first, while the fields still have the numbers that they came with, and insert last."""
    if negotiated.may_change_headers:
        yield from (_change(change, negotiated) for change in plan.changes)
        yield from _removals(plan.removals)
    if negotiated.may_add_headers:
        yield from _additions(plan, negotiated)
    elif is_routed(plan):
        raise PlanRefusedError("the MTA does not let us say by which way it goes")


def _change(change: HeaderChange, negotiated: Negotiated) -> _Call:
    name = _numbered_name(change.name)
    # An empty value would delete the field, and shift the numbers of those below it.
    return "chgheader", (name, change.occurrence, _value(name, change.value, negotiated) or " ")


def _removals(fields: tuple[RemoveHeader, ...]) -> Iterator[_Call]:
    """Order the deletions from the last field to the first, for each shifts the numbers of those below it."""
    for field in sorted(fields, key=lambda field: field.position, reverse=True):
        yield "chgheader", (_numbered_name(field.name), field.occurrence, None)


def _additions(plan: Plan, negotiated: Negotiated) -> Iterator[_Call]:
    """Order the insertions: each at the top lands above those before it, each at the bottom below them."""
    top = [_addition(field, negotiated) for field in plan.additions if not field.at_bottom]
    yield from reversed(top)
    yield from (_addition(field, negotiated) for field in plan.additions if field.at_bottom)


def _addition(field: AddHeader, negotiated: Negotiated) -> _Call:
    name, value = _field_name(field.name), _value(field.name, field.value, negotiated)
    return "addheader", (name, value, _BOTTOM if field.at_bottom else field.index)


def _value(name: str, value: bytes, negotiated: Negotiated) -> str:
    """Return a value as libmilter takes it: folds as LF, and the space after the colon ours."""
    text = value.replace(b"\r\n", b"\n").decode("utf-8", "replace")
    if _UNSAFE_VALUE.search(text):
        raise PlanRefusedError(f"a value of {name} would end its field")
    return f" {text}" if negotiated.keeps_leading_space else text


def _numbered_name(name: bytes) -> str:
    """Return the name by which the MTA counts fields.

    It does so without regard to case, and Postfix does not count white space before the colon as part of the name.
    """
    return _field_name(name.rstrip(b" \t").decode("latin-1"))


def _field_name(name: str) -> str:
    if not _FIELD_NAME.fullmatch(name):
        raise PlanRefusedError(f"{name!r} is no field name")
    return name


def _body_calls(plan: Plan, negotiated: Negotiated, body: Body | None) -> Iterator[_Call]:
    """Replace the body, which must not be worse than the one that came.

    One that we may not replace is no message to let pass: a part was taken out of it, or it was signed without.
    """
    if plan.new_body is None:
        return
    if not negotiated.may_replace_body:
        raise PlanRefusedError("the MTA does not let us replace the body")
    fault = line_fault(plan.new_body)
    if fault and (body is None or not line_fault(bytes(body))):
        raise PlanRefusedError(fault)
    # Nothing in place of it would leave it as it is.
    content = memoryview(plan.new_body or b"\r\n")
    for start in range(0, len(content), _MAX_PIECE_BYTES):
        yield "replacebody", (bytes(content[start : start + _MAX_PIECE_BYTES]),)


def _envelope_calls(plan: Plan, negotiated: Negotiated) -> Iterator[_Call]:
    """Take recipients off first: behind the others, that would take off a new one with the same address too.

    Recipients that we may not change are no message to let pass: it would go where it must not, or to nobody.
    """
    if plan.new_sender is not None and negotiated.may_change_sender:
        yield "chgfrom", (_path(plan.new_sender),)
    if plan.dropped_recipients and not negotiated.may_drop_recipients:
        raise PlanRefusedError("the MTA does not let us take recipients off")
    yield from (("delrcpt", (_given_path(recipient),)) for recipient in plan.dropped_recipients)
    added = (*plan.new_recipients, *plan.silent_recipients)
    if added and not negotiated.may_add_recipients:
        raise PlanRefusedError("the MTA does not let us add recipients")
    yield from (("addrcpt", (_path(recipient),)) for recipient in plan.new_recipients)
    never_told = (_NEVER_TOLD,) if negotiated.may_add_silently else ()
    yield from (("addrcpt", (_path(recipient), *never_told)) for recipient in plan.silent_recipients)


def _given_path(address: str) -> str:
    """Return an address that came: a quoted local part stays as it is."""
    rest = _QUOTED_PART.sub("", address, count=1) if address.startswith('"') else address
    _path(rest)
    return _path_of(address)


def _path(address: str) -> str:
    """Return an address in angle brackets, as the MTA wants it."""
    if _UNSAFE_PATH.search(address):
        raise PlanRefusedError(f"{address!r} is no envelope address")
    return _path_of(address)


def _path_of(address: str) -> str:
    if len(address.encode("utf-8", "replace")) > _MAX_PATH_OCTETS:
        raise PlanRefusedError(f"{address[:100]!r} is too long for an envelope address")
    return f"<{address}>"
