# SPDX-License-Identifier: GPL-3.0-or-later
"""The wall clock of one service, set from outside while it runs."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_name("wall_clock.c")


class WallClock:
    """Built in ``folder``, which every account can read."""

    def __init__(self, folder: Path) -> None:
        self._library = folder / "wall_clock.so"
        self._file = folder / "wall_clock"
        command = ["gcc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(self._library), str(_SOURCE)]
        subprocess.run(command, check=True)
        self._file.write_bytes(bytes(8))

    @property
    def launcher(self) -> tuple[str, ...]:
        """What starts a program with this clock."""
        return ("env", f"LD_PRELOAD={self._library}", f"WALL_CLOCK={self._file}")

    def set(self, seconds: int) -> None:
        """Let it be so far ahead of the machine's own, or behind it where that is negative."""
        with self._file.open("r+b") as file:
            file.write(struct.pack("=q", seconds))
