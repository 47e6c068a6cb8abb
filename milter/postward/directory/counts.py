# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory counts, for metrics."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Literal

Counted = Literal["hits", "questions", "joined", "stale", "unavailable"]
"""Answers from memory; questions to the sources; those who waited for another's; answers from before, for want of one;
and questions that stayed without an answer."""


class Counts:
    """Counts since the directory was made; safe from every thread."""

    def __init__(self) -> None:
        self._counter: Counter[Counted] = Counter()
        self._lock = threading.Lock()

    def add(self, counted: Counted) -> None:
        """Count one."""
        with self._lock:
            self._counter[counted] += 1

    def __getitem__(self, counted: Counted) -> int:
        return self._counter[counted]
