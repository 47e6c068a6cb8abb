# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages of a message, in the order in which they come."""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """What is known by then."""

    CONNECT = 1
    """The client."""
    HELO = 2
    """Its greeting."""
    MAIL = 3
    """The login and the envelope sender."""
    RCPT = 4
    """One recipient."""
    HEADERS = 5
    """All recipients and the header."""
    END = 6
    """The whole message, authenticated and scored."""
