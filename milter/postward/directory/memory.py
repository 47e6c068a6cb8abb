# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are remembered: for a while as they are, and longer for the time in which nobody answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Key = TypeVar("Key", bound="Hashable")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Remembered(Generic[Value]):
    """An answer, and until when it is fresh."""

    value: Value
    fresh_until_s: float


class Memory(Generic[Key, Value]):
    """The least recently used answers go first where there are too many; safe from every thread."""

    def __init__(self, *, most: int, stale_s: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._stale_s = stale_s
        self._clock = clock
        self._entries: OrderedDict[Key, Remembered[Value]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def fresh(self, key: Key) -> Remembered[Value] | None:
        """What is remembered, if it is still fresh."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.fresh_until_s <= self._clock():
                return None
            self._entries.move_to_end(key)
            return entry

    def stale(self, key: Key) -> Remembered[Value] | None:
        """What is remembered, fresh or not."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry.fresh_until_s + self._stale_s <= self._clock():
                del self._entries[key]
                return None
            self._entries.move_to_end(key)
            return entry

    def put(self, key: Key, value: Value, lifetime_s: float) -> None:
        """Remember an answer."""
        with self._lock:
            self._entries[key] = Remembered(value, self._clock() + lifetime_s)
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
