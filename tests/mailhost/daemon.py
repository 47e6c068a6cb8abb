# SPDX-License-Identifier: GPL-3.0-or-later
"""A server of another project, run in a folder of its own by the unprivileged account."""

from __future__ import annotations

import os
import signal
import subprocess
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.mailhost import stopped
from tests.mailhost.failure import MailHostError
from tests.mailhost.folder_watch import IN_CREATE, IN_MODIFY, FolderWatch
from tests.mailhost.held_signals import held_signals
from tests.mailhost.loopback import HOST, free_ports
from tests.mailhost.unprivileged import GROUP, USER, hand_over

if TYPE_CHECKING:
    from pathlib import Path

_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 20


@dataclass(slots=True)
class Daemon(ABC):
    """One server in the folder ``root``, which is made; it stays in the foreground and writes its log there."""

    root: Path
    port: int = field(init=False, default=0)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    @abstractmethod
    def _configure(self) -> None:
        """Write what the server reads, below ``root``; called once."""

    @abstractmethod
    def _command(self) -> list[str]:
        """Its program and arguments."""

    @property
    @abstractmethod
    def _ready_words(self) -> bytes:
        """What it writes to its log once it answers."""

    @property
    def socket(self) -> str:
        """Where it answers, as Postward's configuration wants it."""
        return f"unix:{self.root}/sock"

    @property
    def address(self) -> str:
        """The same over TCP."""
        return f"inet:{self.port}@{HOST}"

    def __enter__(self) -> Self:
        self.root.mkdir()
        self.port = free_ports(1)[0]
        self._configure()
        for path in (self.root, *self.root.rglob("*")):
            hand_over(path)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, at the address where it was before, and wait until it says that it answers."""
        with FolderWatch(self.root, IN_MODIFY | IN_CREATE) as watch:
            with held_signals(), self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    self._command(),
                    user=USER, group=GROUP, extra_groups=[], cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "TMPDIR": str(self.root)},
                    start_new_session=True,
                )  # fmt: skip
            while self._ready_words not in self._log.read_bytes():
                if self._process.poll() is not None or not watch.wait(_START_TIMEOUT_S):
                    raise MailHostError(f"{self._command()[0]} did not start: {self.log_text()[-2000:]}")

    def stop(self) -> None:
        """End it, whether it hangs or not; does nothing when it does not run."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it and its children at once, in the middle of whatever they do."""
        self._end(signal.SIGKILL)

    def hang(self) -> None:
        """Stop all its processes: connections stay, and nobody answers."""
        stopped.hang(self._pid)

    def go_on(self) -> None:
        """Let them go on."""
        stopped.go_on(self._pid)

    def log_text(self) -> str:
        """What it has written since it was started."""
        return self._log.read_text(errors="replace")

    @property
    def _log(self) -> Path:
        return self.root / "log"

    @property
    def _pid(self) -> int:
        if self._process is None:
            raise MailHostError(f"{self._command()[0]} does not run")
        return self._process.pid

    def _end(self, number: int) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            for member in stopped.family(self._process.pid) if number == signal.SIGKILL else [self._process.pid]:
                _send(member, number)
            # One that hangs could not end.
            for member in stopped.family(self._process.pid):
                _send(member, signal.SIGCONT)
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            for member in stopped.family(self._process.pid):
                _send(member, signal.SIGKILL)
            self._process.wait()
        self._process = None


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
