"""One hosted process, seen from the host."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import postward
from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.plugin_host.frames import Frame, FrameBounds, FrameChannel
from postward.plugin_host.guard import GuardOrder
from postward.plugin_host.limits import ProcessLimits
from postward.plugin_host.process_tree import descendants_of

if TYPE_CHECKING:
    from collections.abc import Callable

_ENDING_S = 0.5
"""How long is waited for the status of a process that has closed the channel."""
_BURIAL_S = 8.0
_OUTPUT_BYTES = 4_096
_SIGNAL_BASE = 128
_MANY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSettings:
    """How a process is started, and what it may do."""

    program: tuple[str, ...]
    """What our own interpreter is told to run; it calls ``guard.run_guarded`` with its last argument."""
    prepare: Frame
    """The first request, which every process is asked before it is used."""
    prepare_timeout_s: float = 20.0
    limits: ProcessLimits = field(default_factory=ProcessLimits)
    bounds: FrameBounds = field(default_factory=FrameBounds)
    """Of what the process says."""
    max_questions: int = 64
    """In one call."""


class HostedProcess:
    """Used by one thread at a time.  After a HostFailure it must be closed."""

    def __init__(self, settings: HostSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start it; raises HostFailure."""
        self._settings = settings
        self._clock = clock
        self.calls = 0
        """Since it was prepared."""
        self._usual_company = _MANY
        self.is_worn = False
        """Its replacement is on the way."""
        with contextlib.ExitStack() as kept, contextlib.ExitStack() as passed:
            try:
                self._start(kept, passed)
            except OSError as error:
                text = f"no process could be started: {error.strerror}"
                raise HostFailure(HostFailureKind.UNAVAILABLE, text) from error
            self._open = kept.pop_all()

    def _start(self, kept: contextlib.ExitStack, passed: contextlib.ExitStack) -> None:
        ours, theirs = socket.socketpair()
        kept.callback(ours.close)
        passed.callback(theirs.close)
        control, held = os.pipe()
        kept.callback(os.close, held)
        passed.callback(os.close, control)
        self._output = os.memfd_create("output", os.MFD_CLOEXEC)
        kept.callback(os.close, self._output)
        fcntl.fcntl(self._output, fcntl.F_SETFL, os.O_APPEND)
        self._channel = FrameChannel(ours, self._settings.bounds, clock=self._clock)
        order = GuardOrder(channel=theirs.fileno(), control=control, limits=self._settings.limits)
        self._guard = _started(self._settings.program, order, self._output)

    def prepare(self) -> dict[str, Any]:
        """Ask it the first request; returns its answer.  Raises HostFailure."""
        deadline_s = self._clock() + self._settings.prepare_timeout_s
        answer = self.call(self._settings.prepare, _tell_nothing, deadline_s)
        self._usual_company = self._company()
        self.calls = 0
        return answer

    def call(
        self, request: Frame, tell: Callable[[dict[str, Any]], dict[str, Any]], deadline_s: float
    ) -> dict[str, Any]:
        """Have it do something, and tell it what it asks; returns its answer.  Raises HostFailure."""
        self.calls += 1
        try:
            answer = self._exchange(request, tell, deadline_s)
            self._refuse_strays()
        except HostFailure as failure:
            raise self._explained(failure) from failure
        if os.fstat(self._output).st_size:
            os.ftruncate(self._output, 0)
        return answer

    def is_sound(self) -> bool:
        """Tell whether it lives, and has said nothing unasked."""
        return not self._channel.has_more()

    def close(self) -> None:
        """Have it killed with all that it has started; returns at once."""
        self._open.close()

    def bury(self) -> None:
        """Wait for the end of a process that was closed."""
        try:
            self._guard.wait(_BURIAL_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._guard.pid, signal.SIGKILL)
            self._guard.wait()

    def _exchange(
        self, request: Frame, tell: Callable[[dict[str, Any]], dict[str, Any]], deadline_s: float
    ) -> dict[str, Any]:
        # Nobody can guess it, so that what belongs to an earlier call is known as such.
        call = secrets.token_hex(8)
        self._channel.send(Frame({"call": call, "do": request.values}, request.blobs), deadline_s)
        for _ in range(self._settings.max_questions + 1):
            match self._channel.receive(deadline_s).values:
                case {"call": str(echo)} if echo != call:
                    break
                case {"answer": dict(answer)}:
                    self._insist_on_rest(deadline_s)
                    return answer
                case {"ask": dict(question)}:
                    self._channel.send(Frame(tell(question)), deadline_s)
                case {"stray": True}:
                    raise HostFailure(HostFailureKind.STRAY, "it has left threads or processes behind")
                case _:
                    break
        raise HostFailure(HostFailureKind.GARBAGE, "it has said what is no answer, or asked too much")

    def _insist_on_rest(self, deadline_s: float) -> None:
        """One that has answered may still be at work, or answer again: that belongs to this call, not to the next."""
        word = secrets.token_hex(8)
        self._channel.send(Frame({"ping": word}), deadline_s)
        if self._channel.receive(deadline_s).values != {"pong": word}:
            raise HostFailure(HostFailureKind.GARBAGE, "it has answered more than once")

    def _refuse_strays(self) -> None:
        if self._company() > self._usual_company:
            raise HostFailure(HostFailureKind.STRAY, "it has left processes behind")

    def _company(self) -> int:
        # For all but root the kernel refuses to start any, once the process is prepared.
        return len(descendants_of(self._guard.pid)) if os.geteuid() == 0 else 0

    def _explained(self, failure: HostFailure) -> HostFailure:
        text = str(failure)
        if failure.kind is HostFailureKind.ENDED:
            with contextlib.suppress(subprocess.TimeoutExpired):
                text = f"the process has ended: {_reason(self._guard.wait(_ENDING_S))}"
        size = os.fstat(self._output).st_size
        output = os.pread(self._output, _OUTPUT_BYTES, max(0, size - _OUTPUT_BYTES))
        return HostFailure(failure.kind, text, output=output)


def _tell_nothing(_question: dict[str, Any]) -> dict[str, Any]:
    return {}


def _started(program: tuple[str, ...], order: GuardOrder, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - no shell; the program is this one's own interpreter
        [sys.executable, "-s", "-P", "-B", *program, order.to_json()],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=(order.channel, order.control),
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


def _reason(status: int) -> str:
    """The guard's status, which is that of the process; below 0 where a signal has ended the guard itself."""
    number = -status if status < 0 else status - _SIGNAL_BASE
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"status {status}"
