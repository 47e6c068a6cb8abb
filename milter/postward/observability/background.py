# SPDX-License-Identifier: GPL-3.0-or-later
"""Work beside the mail path: a loop that survives its own faults, and says so."""

from __future__ import annotations

import threading
import traceback
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.observability.logger import EventLog

_MAX_FRAMES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """How long to wait after a failed step: doubled for each failure in a row."""

    first_s: float = 0.1
    longest_s: float = 30.0

    def delay_s(self, failures: int) -> float:
        """Seconds to wait after that many failures in a row, the first of them being 1."""
        return min(self.longest_s, self.first_s * 2.0 ** min(failures - 1, 32))


class BackgroundLoop:
    """Runs ``step`` again and again until ``stop`` is set; a step that raises is logged, counted and tried again.

    ``step`` should return now and then, for ``stop`` is looked at between two steps.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], object],
        log: EventLog,
        stop: threading.Event,
        *,
        interval_s: float = 0.0,
        back_off: BackOff | None = None,
    ) -> None:
        """``interval_s``: seconds to wait between two steps that went well."""
        self.name = name
        self.failures = 0
        """Steps that raised, in all."""
        self._step = step
        self._log = log
        self._stop = stop
        self._interval_s = interval_s
        self._back_off = back_off or BackOff()

    def run(self) -> None:
        """Run on the calling thread until ``stop`` is set."""
        in_a_row = 0
        while not self._stop.is_set():
            if guarded(self.name, self._step, self._log):
                in_a_row = 0
                delay_s = self._interval_s
            else:
                self.failures += 1
                in_a_row += 1
                delay_s = self._back_off.delay_s(in_a_row)
            if delay_s > 0:
                self._stop.wait(delay_s)

    def start(self) -> threading.Thread:
        """Run on a daemon thread of its own, named after the loop, and return that thread."""
        thread = threading.Thread(target=self.run, name=self.name, daemon=True)
        thread.start()
        return thread


def guarded(name: str, work: Callable[[], object], log: EventLog) -> bool:
    """Run ``work`` once; return False where it raised, which is logged as ``background.failed`` and goes no further."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the runner of background loops
        log.error(  # noqa: TRY400 - an EventLog
            "background.failed", name=name, error=type(error).__name__, text=str(error), at=_frames(error)
        )
        return False
    return True


def _frames(error: Exception) -> list[str]:
    """Return where it was raised, the innermost call first."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:])
    return [f"{PurePath(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames]
