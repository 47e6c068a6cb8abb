# SPDX-License-Identifier: GPL-3.0-or-later
"""The line between two processes: small messages both ways, and its end when one of them is gone."""

from __future__ import annotations

import json
import socket
from typing import Any, Final

_MAX_MESSAGE_BYTES = 128 * 1024
Message = dict[str, Any]

KIND: Final = "kind"


class Link:
    """One end of a line; never blocks."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)  # noqa: FBT003 - positional only
        self._socket = end
        self.is_open = True

    def fileno(self) -> int:
        """The descriptor to poll; -1 once it is closed."""
        return self._socket.fileno()

    def send(self, kind: str, **content: object) -> bool:
        """Send one message; False where it is too long, or the other side is gone or does not listen."""
        raw = json.dumps({KIND: kind, **content}).encode()
        if len(raw) > _MAX_MESSAGE_BYTES:
            return False
        try:
            self._socket.send(raw)
        except OSError:
            return False
        return True

    def receive(self) -> list[Message]:
        """Return what has come; ``is_open`` is False from when the other side is gone."""
        messages: list[Message] = []
        while self.is_open:
            try:
                raw = self._socket.recv(_MAX_MESSAGE_BYTES)
            except BlockingIOError:
                break
            except OSError:
                raw = b""
            if raw:
                messages.append(json.loads(raw))
            else:
                self.is_open = False
        return messages

    def close(self) -> None:
        """Give this end up."""
        self.is_open = False
        self._socket.close()


def open_link() -> tuple[Link, Link]:
    """Return both ends of a new line: messages keep their bounds, and a closed end is seen at the other.

    Raises OSError where this process or the system has too many files open.
    """
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return Link(here), Link(there)
