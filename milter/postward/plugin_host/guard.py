# SPDX-License-Identifier: GPL-3.0-or-later
"""The process above a hosted one: it outlives nobody, and sees to it that nothing of the hosted one outlives it.

What has come loose from a dead parent becomes a child of the guard, whatever session it has made for itself.  So when
the hosted process ends, or the host wants another or lets go of the control socket, all that was ever started below the
guard can be found and killed.  The guard runs nothing of its own, so that it can begin one process after the other, and
each at once, for all that they need is loaded in it already.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import struct
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
STATUS = struct.Struct(">Ii")
"""What the guard tells of each process that ends: which it was, counted from 1, and its status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardOrder:
    """What the host tells the guard, as its one argument."""

    control: int
    """Descriptor of a socket at which the host sends the channel of each process that it wants begun."""
    limits: ProcessLimits

    def to_json(self) -> str:
        """Return the argument."""
        return json.dumps(asdict(self))


def read_order(argument: str) -> GuardOrder:
    """Read what ``to_json`` wrote."""
    values = json.loads(argument)
    return GuardOrder(**{**values, "limits": ProcessLimits(**values["limits"])})


def run_guarded(order: GuardOrder, work: Callable[[socket.socket], None]) -> NoReturn:
    """Do ``work`` in processes below this one, which must have no threads, until the host lets go."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    _Guard(order, work).run()


class _Guard:
    def __init__(self, order: GuardOrder, work: Callable[[socket.socket], None]) -> None:
        self._limits = order.limits
        self._work = work
        self._control = socket.socket(fileno=order.control)
        self._control.settimeout(None)
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        self._begun = 0
        self._hosted = 0

    def run(self) -> NoReturn:
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        poll.register(self._control, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._control.fileno() in ready and not self._obey():
                self._clear()
                os._exit(0)
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._reap()

    def _obey(self) -> bool:
        """Begin another process; False where the host has let go."""
        try:
            told, channels, _, _ = socket.recv_fds(self._control, 1, 1)
        except OSError:
            return False
        if not told:
            return False
        self._clear()
        self._begun += 1
        self._begin(channels[0])
        return True

    def _begin(self, channel: int) -> None:
        guard = os.getpid()
        hosted = os.fork()
        if hosted == 0:
            self._be_hosted(channel, guard)
        self._hosted = hosted
        os.close(channel)

    def _be_hosted(self, channel: int, guard: int) -> NoReturn:
        status = 1
        try:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self._control.detach(), self._woken, self._waker):
                os.close(descriptor)
            os.setsid()
            apply_limits(self._limits)
            if os.getppid() == guard:
                self._work(socket.socket(fileno=channel))
                status = 0
        except HostFailure:
            # The host has let go of the channel.
            status = 0
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        finally:
            if sys.exc_info()[0] is not None:
                sys.excepthook(*sys.exc_info())
            os._exit(status & 0xFF)  # never the way of the guard

    def _reap(self) -> None:
        """Take leave of all who have ended; of the hosted process nothing may be left then, and the host is told."""
        while True:
            try:
                pid, raw = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._hosted:
                self._hosted = 0
                self._tell(raw)
                self._clear()

    def _tell(self, raw: int) -> None:
        code = os.waitstatus_to_exitcode(raw)
        status = STATUS.pack(self._begun, code if code >= 0 else _SIGNAL_BASE - code)
        # A host that does not want to know reads nothing, and need not.
        with contextlib.suppress(OSError):
            self._control.send(status, socket.MSG_DONTWAIT)

    def _clear(self) -> None:
        """Kill all that is below the guard."""
        self._hosted = 0
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s:
            kill_descendants(os.getpid())
            if not _has_children():
                return
            time.sleep(_PAUSE_S)


def _has_children() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
