# SPDX-License-Identifier: GPL-3.0-or-later
"""A few hosted processes that many threads call: each call with a deadline that nothing can move."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.plugin_host.process import HostedProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.plugin_host.frames import Frame
    from postward.plugin_host.process import HostSettings

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_CLOSING_S = 5.0
"""How long the end of the pool waits for processes that are being started; later they end by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """How many there are, and for how long."""

    processes: int = 2
    max_calls: int = 500
    """After so many a process is replaced."""
    max_waiting: int = 64
    """Calls that wait for a process; one more fails at once."""


class ProcessPool:
    """Processes are started when the first call comes, or by ``start``; not to be taken over a fork."""

    def __init__(
        self, host: HostSettings, settings: PoolSettings, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._host = host
        self._settings = settings
        self._clock = clock
        self._changed = threading.Condition()
        self._idle: list[HostedProcess] = []
        self._dead: list[HostedProcess] = []
        self._living = 0
        """Processes that work or wait, without those that are worn."""
        self._starting = 0
        self._waiting = 0
        self._closed = False
        self._pause_s = _FIRST_PAUSE_S
        self._not_before_s = 0.0
        self._start_failure = ""

    def start(self) -> None:
        """Begin to start all processes; returns at once."""
        with self._changed:
            self._top_up()

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Wait until a process is there to be called; False where none is in that time, or none can be started."""
        with self._changed:
            self._top_up()
            self._changed.wait_for(lambda: self._living or not self._starting, timeout_s)
            return bool(self._living)

    def call(
        self, request: Frame, tell: Callable[[dict[str, Any]], dict[str, Any]], *, timeout_s: float
    ) -> dict[str, Any]:
        """Have one of the processes do something; waiting for one counts.  Raises HostFailure."""
        deadline_s = self._clock() + timeout_s
        process = self._sound(deadline_s)
        had_its_time = deadline_s - self._clock() >= timeout_s / 2
        with ExitStack() as unless_it_answers:
            unless_it_answers.callback(self._give_up, process)
            try:
                answer = process.call(request, tell, deadline_s)
            except HostFailure as failure:
                if failure.kind is HostFailureKind.TIMEOUT and not had_its_time:
                    raise HostFailure(HostFailureKind.BUSY, "all processes were at work for too long") from failure
                raise
            unless_it_answers.pop_all()
        self._give_back(process)
        return answer

    def close(self) -> None:
        """End all processes, and wait until they are gone; those at work end with their calls."""
        with self._changed:
            self._closed = True
            for process in self._idle:
                process.close()
            self._dead.extend(self._idle)
            self._idle.clear()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._starting, _CLOSING_S)
        self._bury()

    def _sound(self, deadline_s: float) -> HostedProcess:
        while True:
            process = self._take(deadline_s)
            if process.is_sound():
                return process
            self._give_up(process)

    def _take(self, deadline_s: float) -> HostedProcess:
        with self._changed:
            while True:
                if self._closed:
                    raise HostFailure(HostFailureKind.UNAVAILABLE, "the processes are being ended")
                self._top_up()
                if self._idle:
                    return self._idle.pop()
                self._wait(deadline_s)

    def _wait(self, deadline_s: float) -> None:
        left_s = deadline_s - self._clock()
        if not self._living and not self._starting:
            raise HostFailure(HostFailureKind.UNAVAILABLE, self._start_failure or "no process could be started")
        if left_s <= 0 or self._waiting >= self._settings.max_waiting:
            raise HostFailure(HostFailureKind.BUSY, "all processes are at work")
        self._waiting += 1
        try:
            self._changed.wait(left_s)
        finally:
            self._waiting -= 1

    def _give_back(self, process: HostedProcess) -> None:
        with self._changed:
            if process.calls >= self._settings.max_calls and not process.is_worn:
                process.is_worn = True
                self._living -= 1
                self._top_up()
            if self._closed or (process.is_worn and self._is_full):
                process.close()
                self._dead.append(process)
                self._run(self._bury)
                return
            # One that is worn serves until its replacement is there, but after the others.
            self._idle.insert(0 if process.is_worn else len(self._idle), process)
            self._changed.notify()

    @property
    def _is_full(self) -> bool:
        return self._living >= self._settings.processes

    def _give_up(self, process: HostedProcess) -> None:
        """Have its guard begin another in its place, which takes much less time than to start a new one."""
        with self._changed:
            if not process.is_worn:
                self._living -= 1
            if process.is_worn or self._closed or not self._run(lambda: self._begin_again(process)):
                process.close()
                self._dead.append(process)
                self._run(self._bury)
            else:
                self._starting += 1

    def _top_up(self) -> None:
        """Have as many as there should be, unless none could be started a moment ago."""
        if self._closed or self._clock() < self._not_before_s:
            return
        while self._living + self._starting < self._settings.processes:
            self._starting += 1
            if not self._run(self._start_one):
                self._starting -= 1
                return

    def _begin_again(self, process: HostedProcess) -> None:
        try:
            process.begin()
        except HostFailure:
            self._discard(process)
            self._start_one()
        else:
            self._welcome(process)
            self._bury()

    def _start_one(self) -> None:
        try:
            process = self._started()
        except HostFailure as failure:
            with self._changed:
                self._starting -= 1
                self._start_failure = str(failure)
                self._not_before_s = self._clock() + self._pause_s
                self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
                self._changed.notify_all()
        else:
            self._welcome(process)
        self._bury()

    def _started(self) -> HostedProcess:
        process = HostedProcess(self._host, clock=self._clock)
        with ExitStack() as unless_it_begins:
            unless_it_begins.callback(self._discard, process)
            process.begin()
            unless_it_begins.pop_all()
        return process

    def _discard(self, process: HostedProcess) -> None:
        process.close()
        with self._changed:
            self._dead.append(process)

    def _welcome(self, process: HostedProcess) -> None:
        with self._changed:
            self._starting -= 1
            self._pause_s = _FIRST_PAUSE_S
            self._changed.notify_all()
            if self._closed:
                process.close()
                self._dead.append(process)
                return
            self._living += 1
            self._idle.append(process)
            if self._is_full:
                self._retire_worn()

    def _retire_worn(self) -> None:
        worn = [process for process in self._idle if process.is_worn]
        for process in worn:
            self._idle.remove(process)
            process.close()
        self._dead.extend(worn)

    def _bury(self) -> None:
        while True:
            with self._changed:
                if not self._dead:
                    return
                process = self._dead.pop()
            process.bury()

    def _run(self, work: Callable[[], None]) -> bool:
        try:
            threading.Thread(target=work, name="postward-plugin-host", daemon=True).start()
        except RuntimeError:
            # The system gives no more threads; the next call tries again.
            return False
        return True
