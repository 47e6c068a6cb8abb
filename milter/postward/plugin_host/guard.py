"""The process above a hosted one: it outlives nobody, and sees to it that nothing of the hosted one outlives it.

What has come loose from a dead parent becomes a child of the guard, whatever session it has made for itself.  So when
the hosted process ends, or the host lets go of the control pipe, all that it ever started can be found and killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NoReturn

from postward.plugin_host.errors import HostFailure
from postward.plugin_host.limits import ProcessLimits, apply_limits
from postward.plugin_host.process_tree import kill_descendants

if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_IGNORED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PATIENCE_S = 5.0
_PAUSE_S = 0.002
_SIGNAL_BASE = 128
"""What shells add to the number of the signal that has ended a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardOrder:
    """What the host tells the guard, as its one argument."""

    channel: int
    """Descriptor of the hosted process's end of the channel."""
    control: int
    """Descriptor of a pipe at which the host holds the other end for as long as it wants the process."""
    limits: ProcessLimits

    def to_json(self) -> str:
        """Return the argument."""
        return json.dumps(asdict(self))


def read_order(argument: str) -> GuardOrder:
    """Read what ``to_json`` wrote."""
    values = json.loads(argument)
    return GuardOrder(**{**values, "limits": ProcessLimits(**values["limits"])})


def run_guarded(order: GuardOrder, work: Callable[[socket.socket], None]) -> NoReturn:
    """Do ``work`` in a process below this one, and end with it; this one must have no threads."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    guard = os.getpid()
    hosted = os.fork()
    if hosted == 0:
        _be_hosted(order, guard, work)
    os.close(order.channel)
    _end(_watch(hosted, order.control))


def _be_hosted(order: GuardOrder, guard: int, work: Callable[[socket.socket], None]) -> NoReturn:
    status = 1
    try:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.close(order.control)
        os.setsid()
        apply_limits(order.limits)
        if os.getppid() == guard:
            work(socket.socket(fileno=order.channel))
            status = 0
    except HostFailure:
        # The host has let go of the channel.
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        if sys.exc_info()[0] is not None:
            sys.excepthook(*sys.exc_info())
        os._exit(status)  # never the way of the guard


def _watch(hosted: int, control: int) -> int:
    """Wait for the end of the hosted process or of the host's wish for it; returns the status to end with."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    poll = select.poll()
    poll.register(woken, select.POLLIN)
    poll.register(control, select.POLLIN)
    while True:
        status = _reaped(hosted)
        if status is not None:
            return status
        ready = {descriptor for descriptor, _ in poll.poll()}
        if control in ready:
            return 0
        os.read(woken, 4096)


def _reaped(hosted: int) -> int | None:
    """Take leave of all who have ended; the status of the hosted process where it is among them."""
    while True:
        try:
            pid, raw = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 1
        if pid == 0:
            return None
        if pid == hosted:
            code = os.waitstatus_to_exitcode(raw)
            return code if code >= 0 else _SIGNAL_BASE - code


def _end(status: int) -> NoReturn:
    deadline_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline_s:
        kill_descendants(os.getpid())
        if not _has_children():
            break
        time.sleep(_PAUSE_S)
    os._exit(status)


def _has_children() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
