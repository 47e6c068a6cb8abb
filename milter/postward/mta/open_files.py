# SPDX-License-Identifier: GPL-3.0-or-later
"""What this process has open, as the kernel tells it."""

from __future__ import annotations

import errno
import resource
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DESCRIPTORS = Path("/proc/self/fd")

BoundName = tuple[int, str | bytes | int]
"""Address family, and the path or the port that a socket is bound to."""


def count_open() -> int:
    """Return how many descriptors are open; the limit of this process where there is none left to look with."""
    try:
        # The listing has one itself.
        return sum(1 for _ in _DESCRIPTORS.iterdir()) - 1
    except OSError as error:
        if error.errno not in {errno.EMFILE, errno.ENFILE}:
            raise
        return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def open_sockets() -> list[int]:
    """Descriptors of this process that are sockets, in rising order; raises OSError where none is left to look with."""
    return sorted(int(entry.name) for entry in _DESCRIPTORS.iterdir() if _is_socket(entry))


def _is_socket(entry: Path) -> bool:
    try:
        return str(entry.readlink()).startswith("socket:")
    except OSError:
        # The descriptor of the listing itself, or one that another thread closed meanwhile.
        return False


def bound_name(fd: int) -> BoundName | None:
    """Return what the socket ``fd`` is bound to, or None where it is none (any more)."""
    try:
        with _borrowed(fd) as opened:
            name = opened.getsockname()
            return opened.family, name if isinstance(name, str | bytes) else int(name[1])
    except (OSError, TypeError, IndexError):
        return None


@contextmanager
def _borrowed(fd: int) -> Iterator[socket.socket]:
    """Look at a socket without a descriptor more, for there may be none left; it stays open."""
    opened = socket.socket(fileno=fd)
    try:
        yield opened
    finally:
        opened.detach()


def is_listening(fd: int) -> bool:
    """Tell whether the socket ``fd`` accepts connections; False where it is none (any more)."""
    try:
        with _borrowed(fd) as opened:
            return bool(opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False


def count_accepted(name: BoundName) -> int:
    """Count the open connections that were accepted from the listening socket of that name.

    libmilter closes them meanwhile; one that ends between two looks at it may still be counted.
    """
    return sum(1 for fd in open_sockets() if bound_name(fd) == name and not is_listening(fd))
