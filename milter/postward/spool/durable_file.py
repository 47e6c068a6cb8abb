# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are there as a whole or not at all, also after the power went; nobody but their owner reads them."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from postward.spool.errors import SpoolError, SpoolFullError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700
_UNFINISHED = "."
_LEFT_OVER_S = 3_600.0
"""A file that belongs to nothing and is this old is what an interrupted process has left."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ROOT = 0


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone, unless it is there, with its name on disk as well; raises SpoolError."""
    if folder.is_dir():
        return
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise failure(folder, error) from error
    # Where we may not read the folder above, the file system has to see to its names by itself.
    with suppress(SpoolError):
        sync_folder(folder.parent)


def write_durably(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file under another name, and give it its own when all of it is on disk; replaces one of that name.

    Its name is on disk only after ``sync_folder``.  Raises SpoolError, after which nothing is left of it.
    """
    new = path.with_name(f"{_UNFINISHED}{path.name}.{secrets.token_hex(8)}")
    try:
        _write_whole(new, chunks)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise failure(path, error) from error


def sync_folder(folder: Path) -> None:
    """Have the names of a folder's files on disk; raises SpoolError."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise failure(folder, error) from error


def files_of(folder: Path) -> list[Path]:
    """All that a folder holds, nothing where it is not there; raises SpoolError."""
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise failure(folder, error) from error


def remove_left_over(folder: Path, now_s: float, is_orphan: Callable[[Path], bool] = lambda _path: False) -> None:
    """Remove what interrupted processes have left: files without their own name, and orphans; raises SpoolError."""
    for path in files_of(folder):
        try:
            is_old = now_s - path.stat(follow_symlinks=False).st_mtime > _LEFT_OVER_S
            if is_old and (path.name.startswith(_UNFINISHED) or is_orphan(path)):
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise failure(path, error) from error


def failure(path: Path, error: OSError) -> SpoolError:
    """The error of the system, as one of ours."""
    kind = SpoolFullError if error.errno in _NO_ROOM else SpoolError
    return kind(f"{path}: {error.strerror or error}")


def _write_whole(new: Path, chunks: Iterable[bytes]) -> None:
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    try:
        _belong_to_the_folders_owner(descriptor, new.parent)
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _belong_to_the_folders_owner(descriptor: int, folder: Path) -> None:
    """Let the service read what root has written on its behalf."""
    if os.geteuid() == _ROOT:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
