# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of leases after the answer: told to Redis beside the mail path, and again where it is silent."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.model.quota import QuotaSubject
from postward.observability.background import BackgroundLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.model.quota_limits import QuotaEnding
    from postward.observability.logger import EventLog
    from postward.pipeline.quota_stage import QuotaStore

MAX_WAITING = 10_000
_BATCH = 64
_AGAIN_S = 1.0
_LATE_S = 3_600.0
"""What was let through without asking is told for so long."""
_JOIN_S = 2.0
_CLOSE_S = 3.0
"""A slow Redis must not use up the time that is left for what else has to be told at the end."""
_Waiting = tuple[float, "QuotaEnding"]
"""Since when."""


class QuotaEndings:
    """Keeps at most ``MAX_WAITING``, of which the oldest go, and as many of domains of recipients.

    One message may have very many of these, which are not to drive out what users and clients have sent.  Made after a
    fork, and to be closed.
    """

    def __init__(
        self,
        store: QuotaStore,
        log: EventLog,
        *,
        lease_s: float,
        again_s: float = _AGAIN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Where Redis is silent, it is asked again after ``again_s``."""
        self._store = store
        self._lease_s = lease_s
        self._again_s = again_s
        self._clock = clock
        self._senders: deque[_Waiting] = deque(maxlen=MAX_WAITING)
        self._domains: deque[_Waiting] = deque(maxlen=MAX_WAITING)
        self._condition = threading.Condition()
        self._stop = threading.Event()
        self._thread = BackgroundLoop("quota endings", self._step, log, self._stop).start()

    def __len__(self) -> int:
        return len(self._senders) + len(self._domains)

    def add(self, endings: Iterable[QuotaEnding]) -> None:
        """Have them told; never waits for Redis."""
        now_s = self._clock()
        with self._condition:
            for ending in endings:
                self._queue(ending).append((now_s, ending))
            self._condition.notify()

    def close(self) -> None:
        """Tell what is left, as far as Redis takes it within some seconds, and end the thread."""
        self._stop.set()
        with self._condition:
            self._condition.notify()
        self._thread.join(_JOIN_S)
        until_s = self._clock() + _CLOSE_S
        while len(self) and self._clock() < until_s and self._told(self._batch()):
            pass

    def _step(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: len(self) or self._stop.is_set())
        batch = self._batch()
        if batch and not self._told(batch):
            self._put_back(batch)
            self._stop.wait(self._again_s)

    def _batch(self) -> list[_Waiting]:
        with self._condition:
            return [(self._senders or self._domains).popleft() for _ in range(min(_BATCH, len(self)))]

    def _queue(self, ending: QuotaEnding) -> deque[_Waiting]:
        return self._domains if ending.request.subject is QuotaSubject.RECIPIENT_DOMAIN else self._senders

    def _told(self, batch: list[_Waiting]) -> bool:
        now_s = self._clock()
        endings = [replace(ending, age_s=now_s - since_s) for since_s, ending in batch]
        try:
            self._store.end(endings, lease_s=self._lease_s)
        except TemporaryFailure:
            return False
        return True

    def _put_back(self, batch: list[_Waiting]) -> None:
        """Have those wait that are still of use; a lease that nobody ends is over by itself."""
        now_s = self._clock()
        kept = [
            (since_s, ending)
            for since_s, ending in batch
            if now_s - since_s < (_LATE_S if ending.is_late else self._lease_s)
        ]
        with self._condition:
            for each in reversed(kept):
                queue = self._queue(each[1])
                if len(queue) < MAX_WAITING:
                    queue.appendleft(each)
