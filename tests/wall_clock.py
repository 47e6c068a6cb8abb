# SPDX-License-Identifier: GPL-3.0-or-later
"""The wall clock of one program, set from outside while it runs."""

from __future__ import annotations

import mmap
import os
import struct
import subprocess
from pathlib import Path
from typing import Self

from tests.mailhost.failure import MailHostError

_SOURCE = Path(__file__).with_name("wall_clock.c")
_FORM = struct.Struct("=qq")
_MICROSECONDS = 1_000_000


class WallClock:
    """``with WallClock(folder) as clock:``; at first it is the machine's.

    Needs a C compiler, and builds into the folder, which the program's account can read.
    """

    def __init__(self, folder: Path) -> None:
        self._library = folder / "wall_clock.so"
        self._file = folder / "wall_clock"

    def __enter__(self) -> Self:
        _build(self._library)
        self._file.write_bytes(bytes(_FORM.size))
        descriptor = os.open(self._file, os.O_RDWR)
        self._memory = mmap.mmap(descriptor, _FORM.size)
        os.close(descriptor)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._memory.close()

    @property
    def environment(self) -> dict[str, str]:
        """What a program is started with that is to live by this clock."""
        return {"LD_PRELOAD": str(self._library), "WALL_CLOCK": str(self._file)}

    @property
    def launcher(self) -> tuple[str, ...]:
        """A command that starts another one with it."""
        return ("env", *(f"{name}={value}" for name, value in self.environment.items()))

    def go_ahead_by(self, seconds: float) -> None:
        """Let it be so far ahead of the machine's own, or behind it where that is negative."""
        self._set(seconds, stands_still=False)

    def stand_at(self, now_s: float) -> None:
        """Let it be so late (Unix time), and stand still."""
        self._set(now_s, stands_still=True)

    def _set(self, seconds: float, *, stands_still: bool) -> None:
        self._memory[:] = _FORM.pack(round(seconds * _MICROSECONDS), stands_still)


def _build(library: Path) -> None:
    """Raises MailHostError with the compiler's words."""
    command = ["cc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library), str(_SOURCE)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise MailHostError("there is no C compiler (Debian: gcc), which a clock that can be set needs") from None
    if done.returncode:
        raise MailHostError(f"{_SOURCE.name} does not build: {done.stderr[-500:]}")
