# SPDX-License-Identifier: GPL-3.0-or-later
"""What came from one identity on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReputationDay:
    """The evidence of one day as it was added; it does not fade."""

    day: date
    """In UTC, by the clock of Redis."""
    good: float
    bad: float
    hard: float
    seen: float
    """Messages."""
