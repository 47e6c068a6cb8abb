# SPDX-License-Identifier: GPL-3.0-or-later
"""What is put off because a worker is too busy, in the log and in the metrics; see ``pipeline.shedding``."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from postward.model.load import IDLE
from postward.observability.families import LOAD, SHED
from postward.observability.privacy import AddressPrivacy, show_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.load import Load, SheddingStage
    from postward.model.transaction import Transaction
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics

_MAX_LINES = 20
"""A flush: who is overloaded has no time to read more."""
_OVER_AFTER_S = 30.0
"""So long nobody must have been put off for it to be over."""


@dataclass(frozen=True, slots=True)
class _Shed:
    transaction: Transaction
    stage: str
    sender: str


class SheddingReporting:
    """``shed`` and ``load`` only take note, on any thread; ``flush`` writes lines, and is to be called every second."""

    def __init__(
        self,
        log: EventLog,
        metrics: WorkerMetrics,
        addresses: AddressPrivacy = AddressPrivacy.FULL,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._metrics = metrics
        self._addresses = addresses
        self._clock = clock
        self._lock = Lock()
        self._to_tell: deque[_Shed] = deque(maxlen=_MAX_LINES)
        self._count = 0
        self._load = self._shed_at = IDLE
        self._began_s: float | None = None
        self._last_s = 0.0
        self._total = 0

    def shed(self, stage: SheddingStage, transaction: Transaction, sender: str, load: Load) -> None:
        """Count a message that was put off, and keep it for the log."""
        self._metrics.add(SHED, stage.value, sender)
        with self._lock:
            self._shed_at = load
            self._count += 1
            if len(self._to_tell) < _MAX_LINES:
                self._to_tell.append(_Shed(transaction, stage.value, sender))

    def load(self, load: Load) -> None:
        """Keep how busy the worker is."""
        self._load = load

    def flush(self) -> None:
        """Say what has happened since the last time."""
        load = self._load
        self._metrics.set(LOAD, load.others, "others")
        self._metrics.set(LOAD, load.ours, "ours")
        with self._lock:
            told, count, shed_at = list(self._to_tell), self._count, self._shed_at
            self._to_tell.clear()
            self._count = 0
        if count:
            self._begin(shed_at, count)
        for one in told:
            self._tell(one)
        if count > len(told):
            self._log.info("shedding.more", messages=count - len(told))
        self._end()

    def _begin(self, load: Load, count: int) -> None:
        self._last_s = self._clock()
        self._total += count
        if self._began_s is None:
            self._began_s = self._last_s
            self._log.warning("shedding.began", load=round(load.others, 2), load_ours=round(load.ours, 2))

    def _end(self) -> None:
        if self._began_s is not None and self._clock() - self._last_s >= _OVER_AFTER_S:
            self._log.warning("shedding.ended", messages=self._total, seconds=round(self._last_s - self._began_s, 1))
            self._began_s, self._total = None, 0

    def _tell(self, one: _Shed) -> None:
        transaction, privacy = one.transaction, self._addresses
        connection, sender = transaction.known_connection, transaction.known_sender
        address = connection.address if connection is not None else None
        self._log.info(
            "message.shed",
            id=transaction.id,
            client=str(address) if address is not None else None,
            user=show_address(transaction.authentication.user, privacy) or None,
            **{"from": show_address(sender.address.text, privacy) if sender is not None else None},
            stage=one.stage,
            sender=one.sender,
        )
