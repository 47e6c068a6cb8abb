# SPDX-License-Identifier: GPL-3.0-or-later
"""One hosted process, seen from the host."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.plugin_host.frames import Frame, FrameBounds, FrameChannel
from postward.plugin_host.hold import Hold
from postward.plugin_host.limits import ProcessLimits
from postward.plugin_host.process_tree import descendants_of

if TYPE_CHECKING:
    from collections.abc import Callable

_ENDING_S = 0.5
"""How long is waited for the status of a process that has closed the channel."""
_OUTPUT_BYTES = 4_096
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
    """Used by one thread at a time.  After a HostFailure it must be begun again or closed."""

    def __init__(self, settings: HostSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start its guard; raises HostFailure."""
        self._settings = settings
        self._clock = clock
        self.calls = 0
        """Since it was prepared."""
        self._usual_company = _MANY
        self.is_worn = False
        """Its replacement is on the way."""
        try:
            self._output = os.memfd_create("output", os.MFD_CLOEXEC)
        except OSError as error:
            raise _not_started(error) from error
        fcntl.fcntl(self._output, fcntl.F_SETFL, os.O_APPEND)
        self._channel: FrameChannel | None = None
        try:
            self._hold = Hold(settings.program, settings.limits, self._output)
        except OSError as error:
            os.close(self._output)
            raise _not_started(error) from error

    def begin(self) -> dict[str, Any]:
        """Begin the process, in place of one that has failed; returns its answer to the first request.

        Raises HostFailure.
        """
        if self._channel is not None:
            self._channel.close()
        try:
            ours, theirs = socket.socketpair()
        except OSError as error:
            raise _not_started(error) from error
        self._channel = FrameChannel(ours, self._settings.bounds, clock=self._clock)
        os.ftruncate(self._output, 0)
        with theirs:
            self._hold.begin(theirs.fileno())
        self._usual_company = _MANY
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
        return not self._open_channel.has_more()

    def close(self) -> None:
        """Have it killed with all that it has started, and its guard end; returns at once."""
        if self._channel is not None:
            self._channel.close()
        self._hold.close()
        os.close(self._output)

    def bury(self) -> None:
        """Wait for the end of a process that was closed."""
        self._hold.bury()

    def _exchange(
        self, request: Frame, tell: Callable[[dict[str, Any]], dict[str, Any]], deadline_s: float
    ) -> dict[str, Any]:
        # Nobody can guess it, so that what belongs to an earlier call is known as such.
        call = secrets.token_hex(8)
        self._open_channel.send(Frame({"call": call, "do": request.values}, request.blobs), deadline_s)
        for _ in range(self._settings.max_questions + 1):
            match self._open_channel.receive(deadline_s).values:
                case {"call": str(echo)} if echo != call:
                    break
                case {"answer": dict(answer)}:
                    self._insist_on_rest(deadline_s)
                    return answer
                case {"ask": dict(question)}:
                    self._open_channel.send(Frame(tell(question)), deadline_s)
                case {"stray": True}:
                    raise HostFailure(HostFailureKind.STRAY, "it has left threads or processes behind")
                case _:
                    break
        raise HostFailure(HostFailureKind.GARBAGE, "it has said what is no answer, or asked too much")

    @property
    def _open_channel(self) -> FrameChannel:
        if self._channel is None:
            raise HostFailure(HostFailureKind.ENDED, "it was not begun")
        return self._channel

    def _insist_on_rest(self, deadline_s: float) -> None:
        """One that has answered may still be at work, or answer again: that belongs to this call, not to the next."""
        word = secrets.token_hex(8)
        self._open_channel.send(Frame({"ping": word}), deadline_s)
        if self._open_channel.receive(deadline_s).values != {"pong": word}:
            raise HostFailure(HostFailureKind.GARBAGE, "it has answered more than once")

    def _refuse_strays(self) -> None:
        if self._company() > self._usual_company:
            raise HostFailure(HostFailureKind.STRAY, "it has left processes behind")

    def _company(self) -> int:
        # For all but root the kernel refuses to start any, once the process is prepared.
        return len(descendants_of(self._hold.pid)) if os.geteuid() == 0 else 0

    def _explained(self, failure: HostFailure) -> HostFailure:
        text = str(failure)
        if failure.kind is HostFailureKind.ENDED and (reason := self._hold.ending(_ENDING_S)):
            text = f"the process has ended: {reason}"
        size = os.fstat(self._output).st_size
        output = os.pread(self._output, _OUTPUT_BYTES, max(0, size - _OUTPUT_BYTES))
        return HostFailure(failure.kind, text, output=output)


def _tell_nothing(_question: dict[str, Any]) -> dict[str, Any]:
    return {}


def _not_started(error: OSError) -> HostFailure:
    return HostFailure(HostFailureKind.UNAVAILABLE, f"no process could be started: {error.strerror}")
