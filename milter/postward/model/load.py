# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy a worker is, and where in the dialogue it may say that it is too busy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Messages under way and waiting, as a share of those that one worker judges at a time: above 1 some wait."""

    others: float
    """Of mail that comes from outside."""
    ours: float
    """Of mail of our own users, which has as many threads again for itself."""


IDLE = Load(others=0.0, ours=0.0)


class SheddingStage(StrEnum):
    """Where a client is asked to come again."""

    MAIL = "mail"
    RCPT = "rcpt"
    END = "end"
    """The whole message is there, and nothing of it has been looked at."""
