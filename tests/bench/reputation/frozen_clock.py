# SPDX-License-Identifier: GPL-3.0-or-later
"""Weeks that pass in a moment: a wall clock for a Redis server, which a simulation moves on."""

from __future__ import annotations

import mmap
import os
import struct
import subprocess
from pathlib import Path
from typing import Self

from tests.mailhost.failure import MailHostError

_SOURCE = Path(__file__).with_name("frozen_clock.c")
_FORM = struct.Struct("<q")
_MICROSECONDS = 1_000_000


class FrozenClock:
    """``with FrozenClock(folder, start_s) as clock:``; needs a C compiler, and builds into the folder."""

    def __init__(self, folder: Path, start_s: float) -> None:
        self.now_s = start_s
        """Unix time; moved by ``move_to`` alone."""
        self._library = folder / "frozen_clock.so"
        self._page = folder / "now"

    def __enter__(self) -> Self:
        build(_SOURCE, self._library)
        self._page.write_bytes(_FORM.pack(0))
        descriptor = os.open(self._page, os.O_RDWR)
        self._memory = mmap.mmap(descriptor, _FORM.size)
        os.close(descriptor)
        self.move_to(self.now_s)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._memory.close()

    def __call__(self) -> float:
        """Return the time, as ``time.time`` does."""
        return self.now_s

    def move_to(self, now_s: float) -> None:
        """Let it be so late, for us and for whoever runs by ``environment``; never earlier than it was."""
        self.now_s = max(now_s, self.now_s)
        self._memory[:] = _FORM.pack(round(self.now_s * _MICROSECONDS))

    @property
    def environment(self) -> dict[str, str]:
        """What a program is started with that is to live by this clock."""
        return {"LD_PRELOAD": str(self._library), "FROZEN_CLOCK": str(self._page)}


def build(source: Path, library: Path) -> None:
    """Make a shared library of one C file; raises MailHostError with the compiler's words."""
    command = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise MailHostError("there is no C compiler (Debian: gcc), which the simulated clock needs") from None
    if done.returncode:
        raise MailHostError(f"{source.name} does not build: {done.stderr[-500:]}")
