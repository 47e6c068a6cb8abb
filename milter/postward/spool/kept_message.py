# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a kept message, and the JSON that stands beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from postward.spool.json_fields import read_fields

SCHEMA = 1
"""Version of the form; one that is not known is not read."""
MAX_BYTES = 4 * 1024 * 1024
"""More than the JSON of a message with as many recipients as there may be."""


class Decision(StrEnum):
    """What has been decided of a held message."""

    PENDING = "pending"
    DELIVER = "deliver"
    BOUNCE = "bounce"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """The part that only held messages have."""

    moderators: tuple[str, ...]
    expires_s: float
    """Unix time after which ``on_expire`` is done."""
    on_expire: Decision
    decision: Decision = Decision.PENDING
    decided_by: str = ""
    """In words, for the log."""
    decided_s: float = 0.0
    """When, Unix time."""
    explanation: str = ""
    """What the sender is told besides, where the message goes back."""
    attempts: int = 0
    """How often it was tried to carry the decision out."""
    next_attempt_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """One kept message; text may come from outside, octets that are not UTF-8 as lone surrogates (PEP 383)."""

    id: str = ""
    """Given by the store."""
    kind: str
    """Quarantine, moderate or archive, as in ``model.rule_outcome.DepositKind``."""
    transaction_id: str
    queue_id: str = ""
    rule: str
    rules_digest: str = ""
    """Of the rules that were in force."""
    reason: str
    sender: str
    """Envelope sender as it came; "" is the null path."""
    return_path: str
    """Envelope sender as it is delivered."""
    recipients: tuple[str, ...]
    """Envelope recipients that have not had the message."""
    smtputf8: bool = False
    client: str = ""
    user: str = ""
    """As whom the client had authenticated itself."""
    direction: str
    is_own_sender: bool = False
    """Whether the envelope sender is one of ours, who has proved it: others are never told anything."""
    subject: str = ""
    """As it stands in the header, unfolded; the beginning of it."""
    time_s: float
    """When it came, Unix time."""
    size_bytes: int = 0
    sha256: str = ""
    """Of the message as it is kept."""
    moderation: Moderation | None = None


def to_json(message: KeptMessage) -> bytes:
    """The JSON, in ASCII."""
    return json.dumps({"schema": SCHEMA, **asdict(message)}, indent=1).encode("ascii") + b"\n"


def from_json(text: bytes) -> KeptMessage:
    """Read it back; raises MalformedError."""
    return read_fields(KeptMessage, text, schema=SCHEMA)
