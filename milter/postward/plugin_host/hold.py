# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's hold on a guard: through it processes are begun and ended, and told how they have ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import postward
from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.plugin_host.guard import STATUS, GuardOrder

if TYPE_CHECKING:
    from postward.plugin_host.limits import ProcessLimits

_SEND_S = 1.0
_BURIAL_S = 8.0
_SIGNAL_BASE = 128


class Hold:
    """One guard; used by one thread at a time."""

    def __init__(self, program: tuple[str, ...], limits: ProcessLimits, output: int) -> None:
        """Start the guard; ``output`` is the descriptor that all below it print to.  Raises OSError."""
        self._control, theirs = socket.socketpair()
        self._begun = 0
        try:
            with theirs:
                self._guard = _started(program, GuardOrder(control=theirs.fileno(), limits=limits), output)
        except OSError:
            self._control.close()
            raise

    @property
    def pid(self) -> int:
        """Of the guard."""
        return self._guard.pid

    def begin(self, channel: int) -> None:
        """Have the guard kill what there is, and begin a process with this end of a channel; raises HostFailure."""
        try:
            self._control.settimeout(_SEND_S)
            socket.send_fds(self._control, [b"+"], [channel])
        except OSError as error:
            raise HostFailure(HostFailureKind.UNAVAILABLE, "the guard has gone") from error
        self._begun += 1

    def ending(self, wait_s: float) -> str:
        """Say in words how the process has ended that was begun last; "" where that is not known after some time."""
        try:
            self._control.settimeout(wait_s)
            while (told := self._control.recv(STATUS.size, socket.MSG_WAITALL)) and len(told) == STATUS.size:
                number, status = STATUS.unpack(told)
                if number == self._begun:
                    return _in_words(status)
        except TimeoutError:
            return ""
        except OSError:
            # The guard is no more.
            pass
        with contextlib.suppress(subprocess.TimeoutExpired):
            return _in_words(self._guard.wait(wait_s))
        return ""

    def close(self) -> None:
        """Have all killed that is below the guard, and the guard end; returns at once."""
        self._control.close()

    def bury(self) -> None:
        """Wait for the guard's end, after ``close``."""
        try:
            self._guard.wait(_BURIAL_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._guard.pid, signal.SIGKILL)
            self._guard.wait()


def _started(program: tuple[str, ...], order: GuardOrder, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - no shell; the program is this one's own interpreter
        [sys.executable, "-s", "-P", "-B", *program, order.to_json()],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=(order.control,),
        cwd="/",
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """Nothing of the host's: it may hold passwords."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    root = Path(postward.__file__).parent.parent
    if root.name not in {"site-packages", "dist-packages"}:
        environment["PYTHONPATH"] = str(root)
    return environment


def _in_words(status: int) -> str:
    """A status as shells have it; below 0 where a signal has ended the guard itself."""
    number = -status if status < 0 else status - _SIGNAL_BASE
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"status {status}"
