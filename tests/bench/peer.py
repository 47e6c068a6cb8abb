# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's milters: configured in a folder of their own, in the foreground, with a resolv.conf of their own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.mailhost.failure import MailHostError
from tests.mailhost.unprivileged import hand_over

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_START_TIMEOUT_S = 90
_STOP_TIMEOUT_S = 10
_POLL_S = 0.05
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# Most of them know no other way to be told a name server than /etc/resolv.conf, so each gets its own view of it.
_ENTER = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerProgram:
    """How one peer is started; in texts, {folder} is its folder and {dns} the name server's address."""

    name: str
    package: str
    """Debian's package."""
    command: tuple[str, ...]
    files: Mapping[str, str]
    """Configuration files by their path in the folder."""
    socket: str = "milter.sock"
    """Path of its Unix socket in the folder."""


@dataclass(slots=True)
class Peer:
    """One running peer; used as a context manager, needs root."""

    program: PeerProgram
    folder: Path
    name_server: str
    """Address of the name server, port 53."""
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __enter__(self) -> Self:
        if shutil.which(self.program.command[0], path=PATH) is None:
            raise MailHostError(f"{self.program.name} is not installed")
        self._write()
        command = [self._fill(part) for part in self.program.command]
        enter = ["unshare", "--mount", "sh", "-c", _ENTER, "sh", str(self.folder / "resolv.conf"), *command]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                enter, env={"PATH": PATH, "LANG": "C.UTF-8"}, cwd=self.folder, start_new_session=True,
                umask=0, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_TIMEOUT_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @property
    def address(self) -> str:
        """What the load generator wants."""
        return f"unix:{self._socket}"

    @property
    def pid(self) -> int:
        """The first of its processes."""
        assert self._process is not None
        return self._process.pid

    @property
    def _socket(self) -> Path:
        return self.folder / self.program.socket

    def _fill(self, text: str) -> str:
        return text.replace("{folder}", str(self.folder)).replace("{dns}", self.name_server)

    def _write(self) -> None:
        self.folder.mkdir(exist_ok=True)
        hand_over(self.folder)
        files = {"resolv.conf": "nameserver {dns}\n", **self.program.files}
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._fill(content))

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
                probe.connect(str(self._socket))
                return
            # None of them says when it is ready.
            time.sleep(_POLL_S)
        raise MailHostError(f"{self.program.name} did not start: {(self.folder / 'log').read_text(errors='replace')}")
