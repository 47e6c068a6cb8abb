# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for a change in a folder, by inotify(7)."""

from __future__ import annotations

import ctypes
import os
import select
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

IN_MODIFY = 0x02
IN_MOVED_TO = 0x80
IN_CREATE = 0x100
IN_DELETE = 0x200
_EVENTS_BYTES = 65536


class FolderWatch:
    """Notes changes from its making on, so that none is missed between a look and a wait."""

    def __init__(self, path: Path, events: int) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._handle = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._handle < 0 or libc.inotify_add_watch(self._handle, os.fsencode(path), events) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self._handle)

    def wait(self, timeout_s: float) -> bool:
        """Wait for the next change; False when none comes in time."""
        if timeout_s <= 0 or not select.select([self._handle], [], [], timeout_s)[0]:
            return False
        os.read(self._handle, _EVENTS_BYTES)
        return True
