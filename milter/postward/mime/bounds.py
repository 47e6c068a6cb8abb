# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of one message is looked into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MimeBounds:
    """What goes beyond them is named among the problems of the message, and not looked into."""

    max_parts: int = 1_000
    """Parts, multiparts among them."""
    max_depth: int = 20
    """Multiparts and attached messages within each other."""
    max_candidates: int = 100_000
    """Lines that begin as a boundary does."""


DEFAULT = MimeBounds()
MAX_FIELD_BYTES = 16_384
"""Of a Content-Type or Content-Disposition that are read."""
