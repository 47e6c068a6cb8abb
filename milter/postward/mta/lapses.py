# SPDX-License-Identifier: GPL-3.0-or-later
"""Time in which this process itself did not run: frozen with its container or host, or without a share of the CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_USUAL_S = 2.0


class Lapses:
    """Notices by how much a loop's round took longer than any of its work can take.

    Others are not to be blamed for having been silent meanwhile: most likely they did not run either.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last_s = monotonic()

    def lost_s(self) -> float:
        """Return the seconds lost since the last call, 0 in the ordinary course; to be called once a round."""
        now_s = self._monotonic()
        spent_s, self._last_s = now_s - self._last_s, now_s
        return spent_s if spent_s > _USUAL_S else 0.0
