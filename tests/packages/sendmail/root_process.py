# SPDX-License-Identifier: GPL-3.0-or-later
"""A server in a Debian root, in namespaces of its own, so that nothing of it stays when it is ended."""

from __future__ import annotations

import signal
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

    from tests.packages.debian_root import DebianRoot

_PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
_STOP_TIMEOUT_S = 20
_INIT = '"$@" & wait $!'
"""First process of its namespace, killed with the one that made it: a server that changes its account forgets that."""


@dataclass(slots=True)
class RootProcess:
    """One command that stays in the foreground; what it says goes to ``log`` of this host."""

    root: DebianRoot
    command: tuple[str, ...]
    log: Path
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def start(self) -> Self:
        """Start it, in the network namespace that the calling thread is in."""
        folder = str(self.root.folder)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={folder}/proc",
                    "chroot", folder, "env", "-i", _PATH, "LANG=C.UTF-8",
                    "sh", "-c", _INIT, "sh", *self.command,
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        return self

    @property
    def has_ended(self) -> bool:
        """It does not run any more."""
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """End it with all that it has started, at once; does nothing where it does not run."""
        if self._process is None:
            return
        # The first process of a process namespace takes all others along.
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(_STOP_TIMEOUT_S)
        self._process = None

    def log_text(self) -> str:
        """All that it has said."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""
