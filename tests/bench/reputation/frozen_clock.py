# SPDX-License-Identifier: GPL-3.0-or-later
"""Weeks that pass in a moment: a wall clock for a Redis server, which a simulation moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tests.wall_clock import WallClock

if TYPE_CHECKING:
    from pathlib import Path


class FrozenClock:
    """``with FrozenClock(folder, start_s) as clock:``; needs a C compiler, and builds into the folder."""

    def __init__(self, folder: Path, start_s: float) -> None:
        self.now_s = start_s
        """Unix time; moved by ``move_to`` alone."""
        self._clock = WallClock(folder)

    def __enter__(self) -> Self:
        self._clock.__enter__()
        self.move_to(self.now_s)
        return self

    def __exit__(self, *exception: object) -> None:
        self._clock.__exit__(*exception)

    def __call__(self) -> float:
        """Return the time, as ``time.time`` does."""
        return self.now_s

    def move_to(self, now_s: float) -> None:
        """Let it be so late, for us and for whoever runs by ``environment``; never earlier than it was."""
        self.now_s = max(now_s, self.now_s)
        self._clock.stand_at(self.now_s)

    @property
    def environment(self) -> dict[str, str]:
        """What a program is started with that is to live by this clock."""
        return self._clock.environment
