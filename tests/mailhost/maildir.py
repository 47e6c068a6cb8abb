# SPDX-License-Identifier: GPL-3.0-or-later
"""The Maildir that the private Postfix delivers to, and waiting for a message in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.mailhost.folder_watch import IN_CREATE, IN_MOVED_TO, FolderWatch

if TYPE_CHECKING:
    from pathlib import Path


class Maildir:
    """One Maildir for all recipients; each message is found by the Delivered-To that Postfix puts on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: dict[str, list[bytes]] = {}
        self._read: set[str] = set()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folder itself and its three parts."""
        return (self.path, *(self.path / name for name in ("tmp", "new", "cur")))

    def messages(self, recipient: str) -> list[bytes]:
        """Return what has been delivered to ``recipient`` until now, lines ended by LF, oldest first."""
        return self.by_recipient().get(recipient.lower(), [])

    def by_recipient(self) -> dict[str, list[bytes]]:
        """Return all that has been delivered until now, by recipient in lower case."""
        new = [path for path in (self.path / "new").iterdir() if path.name not in self._read]
        for path in sorted(new, key=lambda each: each.stat().st_mtime_ns):
            self._read.add(path.name)
            content = path.read_bytes()
            self._seen.setdefault(_delivered_to(content), []).append(content)
        return self._seen

    def wait_for(self, recipient: str, *, count: int = 1, timeout_s: float = 30.0) -> list[bytes]:
        """Return the messages to ``recipient`` once there are ``count``; raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        with FolderWatch(self.path / "new", IN_CREATE | IN_MOVED_TO) as watch:
            while len(found := self.messages(recipient)) < count:
                if not watch.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"{len(found)} of {count} messages to {recipient} within {timeout_s} s")
        return found


def _delivered_to(content: bytes) -> str:
    for line in content.split(b"\n\n", 1)[0].split(b"\n"):
        if line.lower().startswith(b"delivered-to:"):
            return line.split(b":", 1)[1].strip().decode("utf-8", "surrogateescape").lower()
    return ""
