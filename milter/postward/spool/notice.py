# SPDX-License-Identifier: GPL-3.0-or-later
"""A notice that is to be sent: what it tells, not how it looks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from postward.spool.json_fields import read_fields

SCHEMA = 1
MAX_BYTES = 64 * 1024


class NoticeKind(StrEnum):
    """What a notice is about."""

    MATCH = "match"
    """A rule has matched."""
    QUARANTINE = "quarantine"
    """A message lies in the quarantine."""
    MODERATION = "moderation"
    """A message waits for somebody's decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell one address; text may come from outside, octets that are not UTF-8 as lone surrogates."""

    id: str = ""
    """Given by the outbox."""
    kind: NoticeKind
    to: str
    rule: str
    template: str = ""
    reason: str = ""
    message_id: str = ""
    """Of the kept message."""
    queue_id: str = ""
    sender: str
    recipients: tuple[str, ...]
    """The first of them."""
    subject: str = ""
    """As it stands in the header."""
    direction: str
    client: str = ""
    time_s: float
    expires_s: float = 0.0
    """When a held message is dealt with by itself, Unix time."""
    on_expire: str = ""


def to_json(notice: Notice) -> bytes:
    """The JSON, in ASCII."""
    return json.dumps({"schema": SCHEMA, **asdict(notice)}).encode("ascii") + b"\n"


def from_json(text: bytes) -> Notice:
    """Read it back; raises MalformedError."""
    return read_fields(Notice, text, schema=SCHEMA)
