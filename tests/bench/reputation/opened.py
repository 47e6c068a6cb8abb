# SPDX-License-Identifier: GPL-3.0-or-later
"""The store as a worker opens it, with more patience: a bench shows what is lost, and must not lose anything itself."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.model.redis_target import RedisTarget
    from postward.store.clients import Client
    from postward.store.reputation.watcher import Lost

_Answer = TypeVar("_Answer")
_PATIENT = CallBounds(wait_s=30.0, hold_s=60.0)


class _PatientCalls(TimedCalls):
    """Waits as long as it takes, whoever says how long he would: other programs may have the machine.

    For what is asked in no given time the bounds that it is opened with do.
    """

    def call(self, call: Callable[[Client], _Answer], *, wait_s: float | None = None) -> _Answer:
        """Have a thread call it."""
        return super().call(call, wait_s=max(_PATIENT.wait_s, wait_s or 0.0))


class Misses:
    """Everything that went wrong, for figures that something is missing in are none."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def failed(self, words: str) -> None:
        """Note that Redis did not do something."""
        self.words.append(words)

    def lost(self, why: Lost, keys: int) -> None:
        """Note evidence that was given up."""
        self.words.append(f"{keys} keys lost: {why}")

    def refused(self, values: int) -> None:
        """Note values that are no records."""
        self.words.append(f"{values} values are no records")


@contextmanager
def opened(target: RedisTarget, clock: Callable[[], float] = time.time) -> Iterator[RedisReputation]:
    """Open it, without its thread: who uses it flushes.  Raises MailHostError at the end where something was lost."""
    misses = Misses()
    calls = _PatientCalls(target, _PATIENT)
    records = RedisReputation(calls, misses, clock=clock)
    try:
        yield records
    finally:
        records.close()
        calls.close()
    if misses.words:
        raise MailHostError(f"the store lost something, and no figure counts: {misses.words[0]}")
