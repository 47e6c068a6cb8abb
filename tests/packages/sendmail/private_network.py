# SPDX-License-Identifier: GPL-3.0-or-later
"""A network namespace with a loopback interface of its own, on which addresses of the whole world may stand."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CLONE_NEWNET = 0x40000000
_OWN = "/proc/thread-self/ns/net"


class PrivateNetwork:
    """Used as a context manager; needs root.

    The namespace belongs to threads: sockets that are opened, and processes and threads that are started, inside
    ``entered()`` stay in it.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._libc = ctypes.CDLL(None, use_errno=True)

    def __enter__(self) -> Self:
        outside = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._check(self._libc.unshare(_CLONE_NEWNET))
            self._inside = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            for address in self._addresses:
                subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
        finally:
            self._check(self._libc.setns(outside, _CLONE_NEWNET))
            os.close(outside)
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self._inside)

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Have the calling thread be in the namespace."""
        outside = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
        self._check(self._libc.setns(self._inside, _CLONE_NEWNET))
        try:
            yield
        finally:
            self._check(self._libc.setns(outside, _CLONE_NEWNET))
            os.close(outside)

    @staticmethod
    def _check(status: int) -> None:
        if status:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
