# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done about a message after the MTA has its answer: one thread, one message at a time, in order."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from postward.observability.background import guarded

if TYPE_CHECKING:
    from postward.model.transaction import Transaction
    from postward.mta.engine import Engine, Outcome
    from postward.observability.logger import EventLog

_MAX_WAITING = 20_000
_Item = tuple["Transaction", "Outcome", str]


class Afterwards:
    """Hands finished messages to the engine; drops and counts them where the engine cannot keep up.

    Nothing is logged about that here: it is most likely the log that does not keep up.
    """

    def __init__(self, engine: Engine, log: EventLog) -> None:
        self._engine = engine
        self._log = log
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="afterwards", daemon=True)
        self._thread.start()

    def add(self, transaction: Transaction, outcome: Outcome, reply: str) -> None:
        """Hand over one message; never blocks."""
        if self._queue.qsize() < _MAX_WAITING:
            self._queue.put((transaction, outcome, reply))
        else:
            self.dropped += 1

    def close(self, timeout_s: float) -> None:
        """Wait until all that was handed over is done, at most so long."""
        self._queue.put(None)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            transaction, outcome, reply = item
            guarded("finished", lambda: self._engine.finished(transaction, outcome, reply), self._log)  # noqa: B023
            del item, transaction
