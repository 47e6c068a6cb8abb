# SPDX-License-Identifier: GPL-3.0-or-later
"""Passes over a source that lately did not answer in time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Breaker:
    """Opens at a time-out; when its time is over one question goes through, and its outcome decides.

    A refusal does not open it: that costs nobody any time.  Safe from every thread.
    """

    def __init__(self, *, pass_over_s: float, clock: Callable[[], float]) -> None:
        self._pass_over_s = pass_over_s
        self._clock = clock
        self._lock = threading.Lock()
        self._open_until_s: float | None = None

    @property
    def is_open(self) -> bool:
        """True from a time-out until an answer."""
        return self._open_until_s is not None

    def lets_through(self) -> bool:
        """True where the source may be asked; whoever asks must tell how that went."""
        with self._lock:
            if self._open_until_s is None:
                return True
            if self._clock() < self._open_until_s:
                return False
            # One goes ahead, and those behind it wait for as long again.
            self._open_until_s = self._clock() + self._pass_over_s
            return True

    def timed_out(self) -> None:
        """Pass the source over from here on."""
        with self._lock:
            self._open_until_s = self._clock() + self._pass_over_s

    def answered(self) -> None:
        """Ask it again, whatever was before."""
        with self._lock:
            self._open_until_s = None
