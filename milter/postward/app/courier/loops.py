# SPDX-License-Identifier: GPL-3.0-or-later
"""The background loops of the courier."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.courier.turn import turn
from postward.observability.background import BackgroundLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from postward.observability.logger import EventLog

_CLOSE_TIMEOUT_S = 2.0
_TIDY_EVERY_S = 600.0
_LOCK = "courier.lock"
_REST = 20.0
"""After a step that took long, because there is much to look through, so many times as long is rested."""
_LONGEST_REST_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Something that is done again and again with what lies in a folder."""

    name: str
    folder: Path
    """Where it does not exist, nothing has ever been kept, and nothing is done."""
    step: Callable[[], object]
    interval_s: float
    tidy: Callable[[], object]
    """Done now and then."""


class Courier:
    """Runs rounds, each on a thread of its own; two processes do not do the same one at the same time."""

    def __init__(
        self, rounds: Sequence[Round], log: EventLog, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._rounds = tuple(rounds)
        self._log = log
        self._monotonic = monotonic
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin."""
        for each in self._rounds:
            step = _Step(each, self._monotonic)
            loop = BackgroundLoop(f"courier-{each.name}", step, self._log, self._stop, interval_s=each.interval_s)
            self._threads.append(loop.start())

    def close(self) -> None:
        """End; what is under way and takes longer ends with the process, and is done again by the next one."""
        self._stop.set()
        for thread in self._threads:
            thread.join(_CLOSE_TIMEOUT_S)


class _Step:
    """One step of a round, and its tidying when that is due."""

    def __init__(self, each: Round, monotonic: Callable[[], float]) -> None:
        self._round = each
        self._monotonic = monotonic
        self._tidied_s = -math.inf
        self._rests_until_s = -math.inf

    def __call__(self) -> None:
        started_s = self._monotonic()
        if started_s < self._rests_until_s or not self._round.folder.is_dir():
            return
        with turn(self._round.folder / _LOCK) as is_ours:
            if is_ours:
                self._round.step()
                self._tidy()
        ended_s = self._monotonic()
        self._rests_until_s = ended_s + min(_LONGEST_REST_S, _REST * (ended_s - started_s))

    def _tidy(self) -> None:
        now_s = self._monotonic()
        if now_s - self._tidied_s >= _TIDY_EVERY_S:
            self._tidied_s = now_s
            self._round.tidy()
