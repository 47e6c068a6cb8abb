# SPDX-License-Identifier: GPL-3.0-or-later
"""How many sessions a worker takes at a time: as many as its file descriptors allow, while others wait outside.

Where accept() finds no free descriptor, libmilter tries again at once, and takes a whole core until a session ends.
"""

from __future__ import annotations

import os
import resource
import threading
from typing import TYPE_CHECKING

from postward.mta.open_files import bound_name, count_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.mta.listening import Listener
    from postward.mta.open_files import BoundName

_ENOUGH_DESCRIPTORS = 65_536


def claim_descriptors() -> int:
    """Raise this process's soft limit of open files as far as it may and as is of use; returns the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


class Door:
    """Open, the worker accepts connections; shut, they wait for another worker, or for a session to end.

    Safe from every thread.
    """

    def __init__(self, listener: Listener, descriptors: int, *, wake: Callable[[], None]) -> None:
        """``descriptors``: how many may be open; ``wake`` ends libmilter's wait on the socket that it had before.

        Raises RuntimeError where the listening socket is gone.
        """
        name = bound_name(listener.fd)
        if name is None:
            raise RuntimeError("the listening socket is gone")
        self.name: BoundName = name
        """What the listening socket is bound to, and all connections accepted from it."""
        in_use = count_open()
        spare = max(descriptors - in_use, 0)
        # The other half is for spool files and DNS, and for connections that are accepted before this is noticed.
        self.max_sessions = max(spare // 2, 1)
        self._max_open = in_use + spare * 3 // 4
        self._listener = listener
        self._shared_fd = os.dup(listener.fd)
        self._wake = wake
        self._lock = threading.Lock()
        self._sessions = 0
        self._is_crowded = False
        self._is_open = True
        self._is_locked = False
        self._has_been_shut = False

    def settle(self, sessions: int) -> None:
        """Open or shut it, for so many sessions are there."""
        with self._lock:
            self._sessions = sessions
            self._move()

    def look(self) -> None:
        """Open or shut it by what is open in all, connections that have not said anything yet included."""
        in_use = count_open()
        with self._lock:
            self._is_crowded = in_use > self._max_open
            self._move()

    def lock(self) -> None:
        """Shut it for good: libmilter waits on a socket that nobody can reach."""
        with self._lock:
            if not self._is_locked:
                self._is_locked = True
                self._shut()
                os.close(self._shared_fd)
                # Until its wait ends, libmilter holds the socket, and nobody else could have the address.
                self._wake()

    def has_been_shut(self) -> bool:
        """Tell whether it has been shut since the last call, though not for good."""
        was, self._has_been_shut = self._has_been_shut, False
        return was

    def _move(self) -> None:
        has_room = self._sessions < self.max_sessions and not self._is_crowded
        if self._is_locked or has_room == self._is_open:
            return
        self._is_open = has_room
        if has_room:
            os.dup2(self._shared_fd, self._listener.fd, inheritable=False)
            self._wake()
        else:
            self._has_been_shut = True
            self._shut()

    def _shut(self) -> None:
        os.dup2(self._listener.silent_fd, self._listener.fd, inheritable=False)
