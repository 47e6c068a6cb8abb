# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is being served in this worker, and for how long."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Census:
    """Counts sessions, and remembers since when each message at its end is being answered."""

    def __init__(
        self, monotonic: Callable[[], float], *, changed: Callable[[int], None] = lambda _sessions: None
    ) -> None:
        """``changed`` gets the number of open sessions whenever it is another."""
        self._monotonic = monotonic
        self._changed = changed
        self._lock = threading.Lock()
        self._answering: dict[int, float] = {}
        self.sessions = 0
        self.messages = 0

    def opened(self) -> None:
        """A session has begun."""
        with self._lock:
            self.sessions += 1
            self._changed(self.sessions)

    def closed(self) -> None:
        """A session has ended."""
        with self._lock:
            self.sessions -= 1
            self._changed(self.sessions)

    def began(self, session: int) -> None:
        """The end of a message has come, and its answer is due."""
        self._answering[session] = self._monotonic()

    def ended(self, session: int) -> None:
        """The answer was given, or the session is over."""
        if self._answering.pop(session, None) is not None:
            with self._lock:
                self.messages += 1

    @property
    def oldest_s(self) -> float:
        """For how long the oldest unanswered message has been waiting, in seconds."""
        return self._monotonic() - min(tuple(self._answering.values()), default=self._monotonic())
