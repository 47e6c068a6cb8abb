# SPDX-License-Identifier: GPL-3.0-or-later
"""What time it is by the servers' clocks, within the time that it took to ask, and that by which they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redis.exceptions import InvalidResponse

from postward.store.broken import BROKEN
from postward.store.wire import exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.store.clients import Client

_PARTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerClock:
    """The Unix time of all servers, told from a monotonic clock of ours in seconds."""

    least_ahead_s: float
    most_ahead_s: float

    @property
    def unsure_s(self) -> float:
        """How far off it may be."""
        return self.most_ahead_s - self.least_ahead_s

    def earliest_s(self, local_s: float) -> int:
        """Full seconds that have passed on each of them by then for sure."""
        return max(0, math.floor(local_s + self.least_ahead_s))

    def latest_ms(self, local_s: float) -> float:
        """Milliseconds of which no more have passed on any of them by then."""
        return (local_s + self.most_ahead_s) * 1_000


def read_clock(client: Client, clock: Callable[[], float]) -> ServerClock:
    """Ask all masters for their time; those that fail are left out, and where all do the last failure is raised.

    ``clock`` is the monotonic one.
    """
    clocks: list[ServerClock] = []
    failure: Exception | None = None
    for master in client.masters():
        try:
            clocks.append(_read_one(master, clock))
        except BROKEN as error:
            failure = error
    if not clocks:
        raise failure or InvalidResponse("no servers")
    return ServerClock(
        least_ahead_s=min(one.least_ahead_s for one in clocks), most_ahead_s=max(one.most_ahead_s for one in clocks)
    )


def _read_one(server: Client, clock: Callable[[], float]) -> ServerClock:
    before_s = clock()
    (answer,) = exchange(server, [(b"TIME",)])
    after_s = clock()
    if isinstance(answer, Exception):
        raise answer
    if not isinstance(answer, list) or len(answer) != _PARTS:
        raise InvalidResponse("no time")
    seconds = int(answer[0]) + int(answer[1]) / 1e6
    return ServerClock(least_ahead_s=seconds - after_s, most_ahead_s=seconds - before_s)
