# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of the private Redis: nobody else may look into it, and no two servers may work in it."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MODE = 0o700
_LOCK = "lock"


class FolderUnusable(Exception):
    """The directory cannot be used; the text says why."""


class FolderTaken(FolderUnusable):
    """Another server works in it, or has not quite ended."""


def take_folder(path: Path) -> int:
    """Make the directory where it is missing, see that it is private, and lock it; raises FolderUnusable.

    Returns the descriptor of the lock, which holds for as long as any process has a copy of it open.
    """
    try:
        path.mkdir(_MODE, exist_ok=True)
        _make_private(path)
        return _lock(path / _LOCK)
    except OSError as error:
        raise FolderUnusable(f"{error.filename or path}: {error.strerror}") from error


def _make_private(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if os.fstat(directory).st_uid != os.geteuid():
            raise FolderUnusable(f"{path} belongs to another user")
        os.fchmod(directory, _MODE)
    finally:
        os.close(directory)


def _lock(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise FolderTaken(f"another process keeps the Redis in {path.parent}") from None
    except OSError:
        os.close(lock)
        raise
    return lock
