# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain that somebody has registered, of a name as a sender has written it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.dns.names import to_ascii

if TYPE_CHECKING:
    from postward.checks.content.letter import Letter


def registered(letter: Letter, domain: str) -> str:
    """In A-labels; "" for none, and for what is no name."""
    name = to_ascii(domain) if domain else None
    return letter.organizational(name) if name else ""
