# SPDX-License-Identifier: GPL-3.0-or-later
"""The receiving end of systemd's notification protocol: by it a service says that it is ready."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MAX_BYTES = 65536


class ServiceNotice:
    """A NOTIFY_SOCKET; see sd_notify(3)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        path.chmod(0o666)

    def close(self) -> None:
        """Close and remove the socket."""
        self._socket.close()
        self.path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Forget what has come in until now."""
        self._socket.settimeout(0)
        try:
            while True:
                self._socket.recv(_MAX_BYTES)
        except BlockingIOError:
            return

    def wait_for(self, wanted: str, *, timeout_s: float) -> bool:
        """Wait for a notice with the line ``wanted``; False when none comes in time."""
        deadline = time.monotonic() + timeout_s
        while (remaining_s := deadline - time.monotonic()) > 0:
            self._socket.settimeout(remaining_s)
            try:
                lines = self._socket.recv(_MAX_BYTES).decode().split("\n")
            except TimeoutError:
                return False
            if wanted in lines:
                return True
        return False
