# SPDX-License-Identifier: GPL-3.0-or-later
"""Letting go of the shared listening socket while the open sessions go on.

Never through libmilter: its own ways to stop freeze the open sessions, and remove the shared socket's file.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.mta.open_files import count_accepted

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.mta.door import Door

_SETTLE_S = 0.1
"""For an accept() that was already on its way into the kernel."""


class Retirement:
    """The end of a worker's service: deaf to new connections, until the last open one has ended or time is up."""

    def __init__(
        self,
        door: Door,
        *,
        timeout_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Stop accepting; from here on libmilter waits on a socket that nobody can reach."""
        self._name = door.name
        self._monotonic = monotonic
        self._sleep = sleep
        self._until_s = monotonic() + timeout_s
        door.lock()

    def is_complete(self) -> bool:
        """Tell whether no connection is left, looking twice before it says so, or the time is up."""
        if self._monotonic() >= self._until_s:
            return True
        if self._has_connections():
            return False
        self._sleep(_SETTLE_S)
        return not self._has_connections()

    def _has_connections(self) -> bool:
        try:
            return count_accepted(self._name) > 0
        except OSError:
            # No descriptor is left to look with, so there are more than enough.
            return True
