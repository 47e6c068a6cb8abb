# SPDX-License-Identifier: GPL-3.0-or-later
"""A virus scanner that keeps a message as long as a test wants, and so the place that it is judged in."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE_S = 60
_END_OF_STREAM = b"\0\0\0\0"
"""No piece of the messages that it is shown ends like this."""


class HeldScanner:
    """Speaks as clamd does, and answers that all is well once ``may_answer`` is set."""

    def __init__(self, path: Path) -> None:
        self.has_message = threading.Event()
        self.may_answer = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        # The service that asks it runs as another account.
        path.chmod(0o666)
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        """Keep the next message."""
        self.has_message.clear()
        self.may_answer.clear()

    def close(self) -> None:
        """Let everything go."""
        self.may_answer.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        seen, scanned = b"", 0
        with connection:
            while piece := connection.recv(65_536):
                seen += piece
                if seen.endswith(_END_OF_STREAM):
                    self.has_message.set()
                    self.may_answer.wait(_PATIENCE_S)
                    seen, scanned = b"", scanned + 1
                    connection.sendall(b"%d: stream: OK\0" % scanned)
