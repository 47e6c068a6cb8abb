# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk of its own that is soon full."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Self

from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from pathlib import Path


class SmallDisk:
    """An empty file system of so many bytes, mounted on a new folder that every account may write to; needs root."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self.path = path
        self._size_bytes = size_bytes

    def __enter__(self) -> Self:
        self.path.mkdir()
        options = f"size={self._size_bytes},mode=1777"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MailHostError(f"a small disk cannot be mounted: {done.stderr}")
        return self

    def __exit__(self, *_exception: object) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)
        self.path.rmdir()

    def fill(self) -> Path:
        """Write until nothing fits any more; what is removed makes room again."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                return filler
