# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts of events over time in this process, where there is no Redis."""

from __future__ import annotations

import hashlib
import math
import threading
from collections import OrderedDict

MAX_COUNTERS = 50_000


class LocalRates:
    """See ``rules.services.Rates``: each worker counts what it sees itself.

    Never fails.  Where there are more than ``most`` counters, those go that have not counted for longest.
    """

    def __init__(self, most: int = MAX_COUNTERS) -> None:
        self._most = most
        self._counters: OrderedDict[bytes, dict[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._counters)

    def count(self, key: str, *, windows: int, window_s: float, now_s: float) -> tuple[int, ...]:
        """Count one more event; returns the counts of the last ``windows`` windows, the latest first."""
        newest = math.floor(now_s / window_s)
        wanted = range(newest, newest - windows, -1)
        name = _digest(key, windows, window_s)
        with self._lock:
            counts = self._counters.pop(name, {})
            counts = {window: count for window, count in counts.items() if abs(window - newest) < windows}
            counts[newest] = counts.get(newest, 0) + 1
            self._counters[name] = counts
            if len(self._counters) > self._most:
                self._counters.popitem(last=False)
            return tuple(counts.get(window, 0) for window in wanted)


def _digest(key: str, windows: int, window_s: float) -> bytes:
    """Short, however long the key is."""
    return hashlib.blake2b(f"{windows} {window_s!r} {key}".encode(errors="surrogatepass"), digest_size=16).digest()
