# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Redis on a Unix socket: no TCP port, nothing kept."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.mailhost.failure import MailHostError
from tests.mailhost.folder_watch import IN_MODIFY, FolderWatch
from tests.mailhost.held_signals import held_signals
from tests.mailhost.unprivileged import as_unprivileged, hand_over

if TYPE_CHECKING:
    from pathlib import Path

_READY = "eady to accept connections"
"""The first letter's case depends on whether there is a TCP port."""
_START_TIMEOUT_S = 20
_STOP_TIMEOUT_S = 10


@dataclass(slots=True)
class RedisServer:
    """One redis-server process in the folder ``root``."""

    root: Path
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    @property
    def url(self) -> str:
        """What Postward's configuration wants."""
        return f"unix://{self.root}/redis.sock"

    @property
    def pid(self) -> int:
        """The process."""
        if self._process is None:
            raise MailHostError("the private Redis does not run")
        return self._process.pid

    def __enter__(self) -> Self:
        self.root.mkdir(exist_ok=True)
        hand_over(self.root)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until Redis says that it accepts connections."""
        log = self.root / "log"
        options = {
            "port": "0", "unixsocket": f"{self.root}/redis.sock", "unixsocketperm": "700", "dir": str(self.root),
            "save": "", "appendonly": "no", "daemonize": "no", "logfile": str(log),
        }  # fmt: skip
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        log.unlink(missing_ok=True)
        with FolderWatch(self.root, IN_MODIFY) as watch:
            with held_signals():
                self._process = subprocess.Popen(
                    ["redis-server", *arguments],
                    **as_unprivileged(), cwd="/",
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                )  # fmt: skip
            while not (log.exists() and _READY in log.read_text()):
                if not watch.wait(_START_TIMEOUT_S):
                    raise MailHostError(f"the private Redis did not start: {log.read_text() if log.exists() else ''}")

    def stop(self) -> None:
        """End the process; does nothing when it runs no more."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
