"""Letting go of the shared listening socket while the open sessions go on.

Never through libmilter: its own ways to stop freeze the open sessions, and remove the shared socket's file.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from postward.mta.open_files import bound_name, count_accepted

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.mta.listening import Listener

_SETTLE_S = 0.1
"""For an accept() that was already on its way into the kernel."""


class Retirement:
    """The end of a worker's service: deaf to new connections, until the last open one has ended or time is up."""

    def __init__(
        self,
        listener: Listener,
        *,
        timeout_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Stop accepting; from here on libmilter waits on a socket that nobody can reach."""
        name = bound_name(listener.fd)
        if name is None:
            raise RuntimeError("the listening socket is gone")
        self._name = name
        self._monotonic = monotonic
        self._sleep = sleep
        self._until_s = monotonic() + timeout_s
        os.dup2(listener.silent_fd, listener.fd, inheritable=False)

    def is_complete(self) -> bool:
        """Tell whether no connection is left, looking twice before it says so, or the time is up."""
        if self._monotonic() >= self._until_s:
            return True
        if count_accepted(self._name):
            return False
        self._sleep(_SETTLE_S)
        return not count_accepted(self._name)
