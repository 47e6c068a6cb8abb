# SPDX-License-Identifier: GPL-3.0-or-later
"""Rates that nobody shares: each test and each command begins to count at zero."""

from __future__ import annotations


class CountedHere:
    """See ``rules.services.Rates``; grows with every key, and is made for one short use."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, float, int], int] = {}

    def count(self, key: str, *, windows: int, window_s: float, now_s: float) -> tuple[int, ...]:
        """Count one more; never fails."""
        window = int(now_s // window_s)
        self._counts[key, window_s, window] = self._counts.get((key, window_s, window), 0) + 1
        return tuple(self._counts.get((key, window_s, window - back), 0) for back in range(windows))
