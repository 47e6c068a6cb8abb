"""From a Plan to calls of libmilter: checked as a whole first, then carried out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import milter

if TYPE_CHECKING:
    from milter import Context
    from postward.model.action import AddHeader, Plan, RemoveHeader, Reply
    from postward.mta.negotiation import Negotiated

_FIELD_NAME = re.compile(r"[!-9;-~]+", re.ASCII)
_UNSAFE_VALUE = re.compile(r"[\x00\r]|\n(?![ \t])", re.ASCII)
_UNSAFE_PATH = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
"""A lone surrogate stands for an octet that is not UTF-8 and cannot be handed to libmilter."""
_MAX_PATH_OCTETS = 1000
_BOTTOM = -1
"""pymilter's word for "below all fields"."""
_ENHANCED_CODE = re.compile(r"[45]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_UNPRINTABLE = re.compile(r"[^ -~]", re.ASCII)
_REPLY_CODES = range(400, 600)
_PERMANENT = 500
_MAX_REPLY_CHARS = 480
"""RFC 5321 section 4.5.3.1.5: a reply line has at most 512 octets, with code and line end."""

ACCEPTED = "accept"


class PlanRefusedError(ValueError):
    """The plan would break the message or the protocol; nothing of it was carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The final answer to a message: what libmilter returns, and the reply in words."""

    code: int
    reply: str


def apply_plan(plan: Plan, ctx: Context, negotiated: Negotiated) -> Answer:
    """Carry out ``plan`` at the end of a message; raises PlanRefusedError before anything was done."""
    if plan.reply is not None:
        return give_reply(plan.reply, ctx)
    removals = _removals(plan.removals) if negotiated.may_change_headers else []
    additions = _additions(plan, negotiated) if negotiated.may_add_headers else []
    envelope = _envelope_changes(plan, negotiated)
    for name, occurrence in removals:
        ctx.chgheader(name, occurrence, None)
    for name, value, index in additions:
        ctx.addheader(name, value, index)
    for change, path in envelope:
        getattr(ctx, change)(path)
    if plan.hold is not None and negotiated.may_hold:
        ctx.quarantine(printable(plan.hold.reason))
    return Answer(code=milter.CONTINUE, reply=ACCEPTED)


def _removals(fields: tuple[RemoveHeader, ...]) -> list[tuple[str, int]]:
    """Order the deletions from the last field to the first, for each shifts the numbers of those below it.

    Fields are numbered by name, without regard to case and to white space before the colon, which Postfix
    does not count as part of the name.
    """
    ordered = sorted(fields, key=lambda field: field.position, reverse=True)
    return [(_field_name(field.name.rstrip(b" \t").decode("latin-1")), field.occurrence) for field in ordered]


def _additions(plan: Plan, negotiated: Negotiated) -> list[tuple[str, str, int]]:
    """Order the insertions: each at the top lands above those before it, each at the bottom below them."""
    top = [_addition(field, negotiated) for field in plan.additions if not field.at_bottom]
    bottom = [_addition(field, negotiated) for field in plan.additions if field.at_bottom]
    return [*reversed(top), *bottom]


def _envelope_changes(plan: Plan, negotiated: Negotiated) -> list[tuple[str, str]]:
    """Give the calls of libmilter that change the envelope, each with its path."""
    changes: list[tuple[str, str]] = []
    if plan.new_sender is not None and negotiated.may_change_sender:
        changes.append(("chgfrom", _path(plan.new_sender)))
    if negotiated.may_add_recipients:
        changes.extend(("addrcpt", _path(recipient)) for recipient in plan.new_recipients)
    if negotiated.may_drop_recipients:
        changes.extend(("delrcpt", _path(recipient)) for recipient in plan.dropped_recipients)
    return changes


def _path(address: str) -> str:
    """Return an address in angle brackets, as the MTA wants it."""
    if len(address.encode("utf-8", "replace")) > _MAX_PATH_OCTETS or _UNSAFE_PATH.search(address):
        raise PlanRefusedError(f"{address!r} is no envelope address")
    return f"<{address}>"


def _addition(field: AddHeader, negotiated: Negotiated) -> tuple[str, str, int]:
    """Return name, value and index as libmilter takes them: folds as LF, and the space after the colon ours."""
    value = field.value.replace(b"\r\n", b"\n").decode("utf-8", "replace")
    if _UNSAFE_VALUE.search(value):
        raise PlanRefusedError(f"a value of {field.name} would end its field")
    space = " " if negotiated.keeps_leading_space else ""
    return _field_name(field.name), space + value, _BOTTOM if field.at_bottom else field.index


def _field_name(name: str) -> str:
    if not _FIELD_NAME.fullmatch(name):
        raise PlanRefusedError(f"{name!r} is no field name")
    return name


def give_reply(reply: Reply, ctx: Context) -> Answer:
    """Refuse the message; the class of the answer follows from the code, so that the two cannot differ."""
    if reply.code not in _REPLY_CODES:
        raise PlanRefusedError(f"{reply.code} refuses nothing")
    if not _ENHANCED_CODE.fullmatch(reply.enhanced) or reply.enhanced[0] != str(reply.code)[0]:
        raise PlanRefusedError(f"{reply.enhanced!r} is no enhanced status code for {reply.code}")
    words = printable(reply.text)[:_MAX_REPLY_CHARS]
    # libmilter drops a reply with a lone per cent sign, and the MTA halves a double one.
    ctx.setreply(str(reply.code), reply.enhanced, words.replace("%", "%%"))
    return Answer(
        code=milter.REJECT if reply.code >= _PERMANENT else milter.TEMPFAIL,
        reply=f"{reply.code} {reply.enhanced} {words}",
    )


def printable(words: str) -> str:
    """Return ``words`` with all but printable ASCII replaced: they go into a reply or a queue file."""
    return _UNPRINTABLE.sub("?", words)
