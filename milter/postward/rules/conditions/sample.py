# SPDX-License-Identifier: GPL-3.0-or-later
"""A share of all messages, for a rule that is tried out: the same message is always in it, or never."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from postward.rules.conditions.base import Finding
from postward.rules.conditions.leaf import Leaf
from postward.rules.needs import Need

if TYPE_CHECKING:
    from postward.rules.conditions.base import Subject

_SHARES = 1 << 32


class SampleCondition(Leaf):
    """Holds of this percentage, by the Message-ID; of a message that has none, by our own name for it."""

    needs = frozenset({Need.HEADERS})

    def __init__(self, rule: str, percent: float) -> None:
        """``rule`` keeps two rules of the same share from always taking the same messages."""
        self._rule = rule
        self._percent = percent

    def test(self, subject: Subject) -> Finding:
        """Take the message's share."""
        message = subject.message
        name = message.headers.get("message-id") or message.id
        digest = hashlib.sha256(f"{self._rule}\0{name}".encode("utf-8", "surrogateescape")).digest()
        share = int.from_bytes(digest[:4]) / _SHARES * 100
        return Finding(
            matched=share < self._percent, asked=f"sample of {self._percent:.6g} percent", seen=f"at {share:.3f}"
        )
