# SPDX-License-Identifier: GPL-3.0-or-later
"""How much a folder holds, without counting its files for every message."""

from __future__ import annotations

import math
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.spool.errors import SpoolFullError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_COUNTED_EVERY_S = 5.0
"""What other processes add meanwhile is not seen: a bound may be passed by that much."""
_REST = 20.0
"""A folder that takes long to count, for everybody waits for it, is counted after so many times as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreBounds:
    """How much is kept."""

    max_messages: int = 10_000
    max_bytes: int = 1024 * 1024 * 1024


class Usage:
    """Counts a folder now and then, and what this process adds in between; safe from every thread."""

    def __init__(self, folder: Path, bounds: StoreBounds, *, suffix: str, monotonic: Callable[[], float]) -> None:
        """``suffix`` is that of the files that stand for a message each."""
        self._folder = folder
        self._bounds = bounds
        self._suffix = suffix
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._counted_again_s = -math.inf
        self._messages = 0
        self._bytes = 0

    def reserve(self, size_bytes: int) -> None:
        """Count a message that is to be added; raises SpoolFullError where it has no room, and OSError."""
        bounds = self._bounds
        with self._lock:
            if self._monotonic() >= self._counted_again_s:
                self._count()
            if self._messages >= bounds.max_messages:
                raise SpoolFullError(f"{self._folder} is full: it may hold {bounds.max_messages} messages")
            if self._bytes + size_bytes > bounds.max_bytes:
                raise SpoolFullError(f"{self._folder} is full: it may hold {bounds.max_bytes} bytes")
            self._messages += 1
            self._bytes += size_bytes

    def _count(self) -> None:
        started_s = self._monotonic()
        messages = octets = 0
        with os.scandir(self._folder) as entries:
            for entry in entries:
                messages += entry.name.endswith(self._suffix)
                octets += _size(entry)
        self._messages, self._bytes = messages, octets
        ended_s = self._monotonic()
        self._counted_again_s = ended_s + max(_COUNTED_EVERY_S, _REST * (ended_s - started_s))


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        # Gone since the folder was read.
        return 0
