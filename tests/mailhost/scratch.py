# SPDX-License-Identifier: GPL-3.0-or-later
"""The one folder that a private mail host lives in."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path

_MAX_BYTES = 40
"""Leaves room for the names of the sockets below."""


class Scratch:
    """A new folder that every account may enter, removed with all it holds at the end of the ``with``."""

    def __init__(self) -> None:
        self.path = Path()

    def __enter__(self) -> Path:
        self.path = Path(tempfile.mkdtemp(prefix="postward-", dir=_shared_temporary_directory()))
        self.path.chmod(0o711)
        return self.path

    def __exit__(self, *_exception: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def everyone_may_reach(path: Path) -> bool:
    """Tell whether any account may enter ``path`` and all folders above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def _shared_temporary_directory() -> Path:
    # TMPDIR may lie in a home folder that the accounts of Postfix and of the milter cannot enter, or too deep for the
    # address of a Unix socket, which has 107 bytes.
    candidates = (Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp"))  # noqa: S108
    return next(path for path in candidates if path.is_dir() and everyone_may_reach(path) and _is_short(path))


def _is_short(path: Path) -> bool:
    return len(os.fsencode(path)) <= _MAX_BYTES
