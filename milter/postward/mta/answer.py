# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer to a message or to a recipient: what libmilter returns, and the reply in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import milter

if TYPE_CHECKING:
    from milter import Context
    from postward.model.action import Reply

_ENHANCED_CODE = re.compile(r"[45]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_UNPRINTABLE = re.compile(r"[^ -~]", re.ASCII)
_REPLY_CODES = range(400, 600)
_PERMANENT = 500
_MAX_LINE_CHARS = 480
"""RFC 5321 section 4.5.3.1.5: a reply line has at most 512 octets, with code and line end."""
_MAX_LINES = 32
"""pymilter takes no more."""


class PlanRefusedError(ValueError):
    """The plan would break the message or the protocol; nothing of it was carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The final answer to a message: what libmilter returns, and the reply in words."""

    code: int
    reply: str


def give_reply(reply: Reply, ctx: Context) -> Answer:
    """Refuse the message; the class of the answer follows from the code, so that the two cannot differ."""
    if reply.code not in _REPLY_CODES:
        raise PlanRefusedError(f"{reply.code} refuses nothing")
    if not _ENHANCED_CODE.fullmatch(reply.enhanced) or reply.enhanced[0] != str(reply.code)[0]:
        raise PlanRefusedError(f"{reply.enhanced!r} is no enhanced status code for {reply.code}")
    lines = _lines(reply.text)
    # libmilter drops a reply with a lone per cent sign, and the MTA halves a double one.
    ctx.setreply(str(reply.code), reply.enhanced, *(line.replace("%", "%%") for line in lines))
    words = " ".join(lines)[:_MAX_LINE_CHARS]
    return Answer(
        code=milter.REJECT if reply.code >= _PERMANENT else milter.TEMPFAIL,
        reply=f"{reply.code} {reply.enhanced} {words}",
    )


def _lines(text: str) -> list[str]:
    """Split at LF; libmilter puts the codes before each line.  What is too much is left out."""
    return [printable(line)[:_MAX_LINE_CHARS] for line in text.split("\n", _MAX_LINES)[:_MAX_LINES]]


def printable(words: str) -> str:
    """Return ``words`` with all but printable ASCII replaced: they go into a reply or a queue file."""
    return _UNPRINTABLE.sub("?", words)
