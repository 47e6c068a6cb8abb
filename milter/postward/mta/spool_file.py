# SPDX-License-Identifier: GPL-3.0-or-later
"""A file for the part of a large body that is not kept in memory."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ_BYTES = 64 * 1024


class SpoolFile:
    """A file without a name: nobody else can open it, and it is gone with the process, however that ends.

    It is closed when nobody holds it any more, for an evaluation that was given up may still be reading it.
    """

    __slots__ = ("_file", "_size_bytes")

    def __init__(self, directory: str) -> None:
        """Raises OSError where the directory takes no file."""
        self._size_bytes = 0
        self._file = tempfile.TemporaryFile(dir=directory, prefix="postward-", buffering=0)  # noqa: SIM115 - see __del__

    def append(self, chunk: bytes) -> None:
        """Write the next piece; raises OSError, mostly because the disk is full."""
        rest = memoryview(chunk)
        while rest:
            written = os.pwrite(self._file.fileno(), rest, self._size_bytes)
            self._size_bytes += written
            rest = rest[written:]

    def chunks(self) -> Iterator[bytes]:
        """Read what was written, from the beginning; several readers do not disturb each other."""
        position = 0
        while position < self._size_bytes:
            piece = os.pread(self._file.fileno(), _READ_BYTES, position)
            if not piece:
                raise OSError("the spool file is shorter than what was written to it")
            position += len(piece)
            yield piece

    def __del__(self) -> None:
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()
