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
    additions = [_addition(field, negotiated) for field in plan.additions] if negotiated.may_add_headers else []
    for name, occurrence in removals:
        ctx.chgheader(name, occurrence, None)
    # Each lands above those before it, so that fields of one index stand in the order of the plan.
    for name, value, index in reversed(additions):
        ctx.addheader(name, value, index)
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


def _addition(field: AddHeader, negotiated: Negotiated) -> tuple[str, str, int]:
    """Return name, value and index as libmilter takes them: folds as LF, and the space after the colon ours."""
    value = field.value.replace(b"\r\n", b"\n").decode("utf-8", "replace")
    if _UNSAFE_VALUE.search(value):
        raise PlanRefusedError(f"a value of {field.name} would end its field")
    space = " " if negotiated.keeps_leading_space else ""
    return _field_name(field.name), space + value, field.index


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
