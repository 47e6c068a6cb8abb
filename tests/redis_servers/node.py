# SPDX-License-Identifier: GPL-3.0-or-later
"""One process of redis-server, or of a sentinel, on a loopback port of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import redis

from tests.mailhost.failure import MailHostError
from tests.mailhost.loopback import HOST, free_ports
from tests.mailhost.stopped import go_on, hang

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PATIENCE_S = 60.0
"""For a machine that has other things to do."""
_POLL_S = 0.02
_STOP_TIMEOUT_S = 10


@dataclass(slots=True)
class RedisNode:
    """A process in a folder of its own, which is made; what it keeps there survives ``stop`` and ``kill``."""

    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)
    """As in redis.conf; they add to, and take the place of, those that keep it small and private."""
    sentinel_lines: tuple[str, ...] = ()
    """With any it is a sentinel: the lines of its file besides the port."""
    password: str | None = None
    """What ``client`` says."""
    port: int = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        (self.port,) = free_ports(1)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """The process."""
        if self._process is None:
            raise MailHostError("this Redis does not run")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not been ended here."""
        return self._process is not None

    def client(self) -> redis.Redis:
        """A new plain client, to be closed; patient."""
        return redis.Redis(host=HOST, port=self.port, password=self.password, socket_timeout=PATIENCE_S)

    def ask(self, *command: str | int) -> object:
        """Send one command on a connection of its own."""
        with self.client() as client:
            return client.execute_command(*command)

    def start(self) -> None:
        """Start, and wait until it answers and has read what it kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            self._command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            wait_until(self._answers, f"{self.folder.name} does not start; see {self.folder}/log")
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """End it as an operator does; does nothing when it runs no more."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self._end(signal.SIGKILL)

    def hang(self) -> None:
        """Stop it: connections stay, and nobody answers."""
        hang(self.pid)

    def go_on(self) -> None:
        """Let it go on."""
        go_on(self.pid)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, how)
            # One that hangs hears of nothing but SIGKILL.
            os.kill(self._process.pid, signal.SIGCONT)
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _command(self) -> list[str]:
        common = {
            "port": str(self.port), "bind": HOST, "dir": str(self.folder), "logfile": str(self.folder / "log"),
            "daemonize": "no",
        }  # fmt: skip
        if self.sentinel_lines:
            path = self.folder / "sentinel.conf"
            if not path.exists():
                lines = [*(f"{name} {value}" for name, value in common.items()), *self.sentinel_lines]
                path.write_text("\n".join(lines) + "\n")
            return ["redis-server", str(path), "--sentinel"]
        options = common | {"save": "", "appendonly": "no", "repl-diskless-sync-delay": "0"} | dict(self.options)
        return ["redis-server", *(part for name, value in options.items() for part in (f"--{name}", value))]

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise MailHostError(f"{self.folder.name} has ended: {(self.folder / 'log').read_text()[-2_000:]}")
        if "tls-port" in self.options:
            # The plain port is closed; the log says when the other is open.
            log = self.folder / "log"
            return log.exists() and "eady to accept connections" in log.read_text()
        try:
            return bool(self.ask("PING"))
        except redis.AuthenticationError:
            return True
        except redis.RedisError:
            return False


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    """Ask again and again; raises MailHostError with the words given when it takes too long."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline_s:
            raise MailHostError(otherwise)
        time.sleep(_POLL_S)
