"""What this process has open, as the kernel tells it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")

BoundName = tuple[int, str | bytes | int]
"""Address family, and the path or the port that a socket is bound to."""


def open_sockets() -> list[int]:
    """Descriptors of this process that are sockets, in rising order."""
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
        with socket.socket(fileno=os.dup(fd)) as opened:
            name = opened.getsockname()
            return opened.family, name if isinstance(name, str | bytes) else int(name[1])
    except (OSError, TypeError, IndexError):
        return None


def is_listening(fd: int) -> bool:
    """Tell whether the socket ``fd`` accepts connections; False where it is none (any more)."""
    try:
        with socket.socket(fileno=os.dup(fd)) as opened:
            return bool(opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False


def count_accepted(name: BoundName) -> int:
    """Count the open connections that were accepted from the listening socket of that name.

    libmilter closes them meanwhile; one that ends between two looks at it may still be counted.
    """
    return sum(1 for fd in open_sockets() if bound_name(fd) == name and not is_listening(fd))
