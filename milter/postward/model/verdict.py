# SPDX-License-Identifier: GPL-3.0-or-later
"""The one decision about a message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from postward.model.action import Reply  # noqa: TC001 - a field type of a dataclass
from postward.model.dmarc import DmarcDisposition


class Verdict(StrEnum):
    """From the mildest to the harshest."""

    HAM = "ham"
    SUSPECT = "suspect"
    """Delivered as it is, and worth a second look: greylisting may ask for it to come again."""
    JUNK = "junk"
    """Delivered, marked as junk by header."""
    QUARANTINE = "quarantine"
    """Held by the MTA."""
    DISCARD = "discard"
    """Taken, and delivered to nobody."""
    DEFER = "defer"
    """Refused for now (4xx)."""
    REJECT = "reject"
    """Refused for good (5xx)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict, with what led to it."""

    verdict: Verdict
    reason: str
    """In words, for the log and the operator; never sent to the client."""
    dmarc_disposition: DmarcDisposition = DmarcDisposition.NONE
    """What DMARC has to do with it; the verdict may be harsher for other reasons."""
    reply: Reply | None = None
    """What a message is refused with, where that is not the usual answer."""
    is_virus: bool = False
    """It is so for a virus: nothing that speaks for the message takes it back."""
