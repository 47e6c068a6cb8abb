# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule has to know, so that nothing else is found out for it."""

from __future__ import annotations

from enum import StrEnum


class Need(StrEnum):
    """A part of the message model."""

    CLIENT = "client"
    ENVELOPE = "envelope"
    HEADERS = "headers"
    BODY = "body"
    """Text and parts."""
    ATTACHMENTS = "attachments"
    """The content of parts: type, hash, members of archives."""
    AUTH = "auth"
    SCORE = "score"
    DIRECTORY = "directory"
    RATE = "rate"
    REPUTATION = "reputation"


ALL_NEEDS = frozenset(Need)
