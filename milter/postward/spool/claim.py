# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on one kept message, by one process at a time.

The claim is a lock of the system on the JSON beside the message, so that it ends with whoever holds it, however that
ends; none needs to be called stale after a while.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from postward.spool.durable_file import failure
from postward.spool.errors import InUseError, NoSuchMessageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold a file; raises NoSuchMessageError, InUseError where somebody else holds it, and SpoolError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NoSuchMessageError(f"there is no message {path.stem}, or no longer") from None
    except OSError as error:
        raise failure(path, error) from error
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUseError(f"message {path.stem} is being worked on") from None
    # Between opening and locking it may have been deleted, or replaced by another version.
    try:
        there = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        raise NoSuchMessageError(f"there is no message {path.stem}, or no longer") from None
    if not os.path.samestat(there, os.fstat(descriptor)):
        raise InUseError(f"message {path.stem} has just been worked on")
