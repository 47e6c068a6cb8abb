# SPDX-License-Identifier: GPL-3.0-or-later
"""Making child processes that behave: their own signals, no ends of other processes' lines, no way back."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CRASHED = 70
"""EX_SOFTWARE: the child's own code failed."""

_PR_SET_CHILD_SUBREAPER = 36
_POLL_S = 0.02
_HELD_BY_SUPERVISOR = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Closable(Protocol):
    """What a child inherits and may have to let go of."""

    def close(self) -> None:
        """Let go of it in this process."""
        ...


def fork(body: Callable[[], int], *, close: Iterable[Closable] = ()) -> int:
    """Run ``body`` in a child, which exits with what it returns; returns the child's process id.

    ``close``: ends of lines to other processes, which would otherwise stay open in the child and hide their end.
    The child ignores SIGTERM, SIGINT and SIGHUP, for these are meant for the supervisor even where they are
    sent to the whole process group: libmilter would freeze its open sessions.  Raises OSError where the system has
    no more processes or memory to give.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = CRASHED
    try:
        signal.set_wakeup_fd(-1)
        for number in _HELD_BY_SUPERVISOR:
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for inherited in close:
            inherited.close()
        status = body()
    finally:
        # There is no frame above to go back to: the ones behind are a copy of the parent's.
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(status)


def reap() -> dict[int, int]:
    """Return the children that have ended, with their exit status (128 + N: killed by signal N)."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, raw = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if not pid:
            return ended
        status = os.waitstatus_to_exitcode(raw)
        ended[pid] = status if status >= 0 else 128 - status


def ends_within(pid: int, timeout_s: float, *, monotonic: Callable[[], float] = time.monotonic) -> bool:
    """Wait for the end of a child, which is not reaped; False where it has not ended by then."""
    until_s = monotonic() + timeout_s
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if monotonic() >= until_s:
            return False
        time.sleep(_POLL_S)
    return True


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent dies (prctl(2)), so that they can be waited for."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def is_child(pid: int) -> bool:
    """Tell whether that is a child of this process, one that has ended and was not reaped included."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a child that may have ended already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
