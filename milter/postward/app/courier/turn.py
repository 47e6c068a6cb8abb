# SPDX-License-Identifier: GPL-3.0-or-later
"""One courier at a time on a host, though two generations overlap while one retires."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from postward.spool.durable_file import FILE_MODE, failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def turn(path: Path) -> Iterator[bool]:
    """Give True where nobody else works under the lock ``path``; the lock ends with the process that holds it.

    Raises SpoolError where the file cannot be had.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise failure(path, error) from error
    try:
        yield _is_locked(descriptor)
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
