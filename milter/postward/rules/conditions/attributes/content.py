# SPDX-License-Identifier: GPL-3.0-or-later
"""Of what a reader sees, and of the message as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.mime.flags import FLAGS
from postward.rules.conditions.attribute import Attribute, Kind, NumberAttribute
from postward.rules.needs import Need
from postward.rules.patterns.comparison import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.rules.message.message import Message

_BODY = frozenset({Need.BODY})
_ATTACHMENTS = frozenset({Need.ATTACHMENTS})


def _body(message: Message) -> Sequence[str]:
    text = message.body_text
    return (text,) if text else ()


def _folded_body(message: Message) -> Sequence[str]:
    text = message.content.compared_text
    return (text,) if text else ()


def _both(message: Message) -> Sequence[str]:
    return (*message.headers.get_all("subject"), *_body(message))


def _both_folded(message: Message) -> Sequence[str]:
    return (*(folded(value) for value in message.headers.get_all("subject")), *_folded_body(message))


CONTENT = (
    Attribute(
        name="body",
        kind=Kind.TEXT,
        read=_body,
        read_folded=_folded_body,
        needs=_BODY,
        index=("body",),
        is_long=True,
    ),
    Attribute(
        name="subject_or_body",
        kind=Kind.TEXT,
        read=_both,
        read_folded=_both_folded,
        needs=_BODY | {Need.HEADERS},
        index=("subject", "body"),
        is_long=True,
    ),
)
FLAG = Attribute(
    name="flags",
    kind=Kind.WORD,
    read=lambda message: tuple(sorted(message.flags)),
    needs=_BODY | {Need.HEADERS},
    words=tuple(sorted(FLAGS)),
)
CONTENT_NUMBERS = (
    NumberAttribute(name="size", read=lambda message: float(message.size_bytes), needs=frozenset(), is_size=True),
    NumberAttribute(name="attachments.count", read=lambda message: float(len(message.attachments)), needs=_ATTACHMENTS),
    NumberAttribute(
        name="attachments.size",
        read=lambda message: float(sum(part.size_bytes for part in message.attachments)),
        needs=_ATTACHMENTS,
        is_size=True,
    ),
)
