# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process has counted since it last reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Series = tuple[str, tuple[str, ...]]
"""Name of a family, and the values of its labels in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """New observations of a histogram: how many fell into each bucket (the last one is infinite), and their sum."""

    counts: tuple[int, ...]
    total: float


Delta = Mapping[Series, float | Observations]
"""Of a counter what was added, of a histogram what was observed, of a gauge the value now."""
