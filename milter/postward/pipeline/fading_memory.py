# SPDX-License-Identifier: GPL-3.0-or-later
"""A bounded memory of answers that are old after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Key = TypeVar("Key")
Value = TypeVar("Value")

MAX_KEYS = 20_000


class FadingMemory(Generic[Key, Value]):
    """Safe from every thread.  A value is remembered for ``lifetime_s`` at most, and half of that at least.

    Less where there are more than ``MAX_KEYS``: the oldest half goes first.
    """

    __slots__ = ("_clock", "_current", "_half_life_s", "_previous", "_turn_s")

    def __init__(self, clock: Callable[[], float], lifetime_s: float) -> None:
        self._clock = clock
        self._half_life_s = lifetime_s / 2
        self._current: dict[Key, Value] = {}
        self._previous: dict[Key, Value] = {}
        self._turn_s = clock() + self._half_life_s

    def get(self, key: Key) -> Value | None:
        """Return what is remembered."""
        if self._clock() >= self._turn_s:
            self._turn()
        found = self._current.get(key)
        return self._previous.get(key) if found is None else found

    def put(self, key: Key, value: Value) -> None:
        """Remember ``value``."""
        if self._clock() >= self._turn_s or len(self._current) >= MAX_KEYS // 2:
            self._turn()
        self._current[key] = value

    def __len__(self) -> int:
        return len(self._current) + len(self._previous)

    def _turn(self) -> None:
        now_s = self._clock()
        # After a pause even the younger half is too old.
        self._previous = self._current if now_s < self._turn_s + self._half_life_s else {}
        self._current = {}
        self._turn_s = now_s + self._half_life_s
