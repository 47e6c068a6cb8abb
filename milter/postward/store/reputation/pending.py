# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be added, merged by key until it is sent; nothing of it grows beyond its bound."""

from __future__ import annotations

import math
from threading import Lock
from typing import TYPE_CHECKING

from postward.model.identity import OWN_KINDS
from postward.store.reputation.keys import FAST, HISTORY, correspondence_key, key_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from postward.model.identity import Identity
    from postward.model.reputation import Correspondence, Evidence

MOST = 20_000
"""Keys of each sort."""
Amounts = list[float]
"""Good, bad, hard, seen."""
Deltas = dict[str, Amounts]
"""By key."""


class Pending:
    """Safe from every thread; an addition is in memory only, and takes some microseconds for an identity."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._deltas: Deltas = {}
        self._correspondences: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._deltas) + len(self._correspondences)

    def add(self, evidence: Mapping[Identity, Evidence]) -> int:
        """Add to each record, of our own senders to fast window and history too; returns how much had no room."""
        deltas: Deltas = {}
        last: Evidence | None = None
        amounts: Amounts = []
        for identity, more in evidence.items():
            if more is not last:
                # A message mostly teaches the same of all.
                last = more
                amounts = [_sound(more.good), _sound(more.bad), _sound(more.hard), _sound(more.seen)]
            key = key_of(identity)
            deltas[key] = amounts
            if identity.kind in OWN_KINDS:
                deltas[key + FAST] = deltas[key + HISTORY] = amounts
        return self.merge(deltas)

    def merge(self, deltas: Deltas) -> int:
        """Add to each key, or give back what was taken; returns how many keys had no room."""
        lost = 0
        with self._lock:
            mine = self._deltas
            for key, amounts in deltas.items():
                there = mine.get(key)
                if there is not None:
                    good, bad, hard, seen = amounts
                    there[0] += good
                    there[1] += bad
                    there[2] += hard
                    there[3] += seen
                elif len(mine) < self._most:
                    mine[key] = amounts.copy()
                else:
                    lost += 1
        return lost

    def note(self, correspondences: Iterable[Correspondence]) -> int:
        """Remember each; returns how many had no room."""
        return self.note_keys([correspondence_key(pair.user, pair.other) for pair in correspondences])

    def note_keys(self, keys: Iterable[str]) -> int:
        """Remember each, or give back what was taken; returns how many had no room."""
        lost = 0
        with self._lock:
            for key in keys:
                if len(self._correspondences) < self._most:
                    self._correspondences[key] = None
                elif key not in self._correspondences:
                    lost += 1
        return lost

    def take(self, *, but: Container[str] = ()) -> Deltas:
        """Take away what is to be added to all keys but some."""
        with self._lock:
            taken = {key: amounts for key, amounts in self._deltas.items() if key not in but}
            self._deltas = {key: amounts for key, amounts in self._deltas.items() if key in but}
        return taken

    def take_correspondences(self) -> list[str]:
        """Take away the keys of all correspondences."""
        with self._lock:
            taken, self._correspondences = self._correspondences, {}
        return list(taken)

    def forget(self, keys: Iterable[str]) -> None:
        """Drop what is to be added to some keys."""
        with self._lock:
            for key in keys:
                self._deltas.pop(key, None)


def _sound(amount: float) -> float:
    """Return the amount; 0 for what is none, so that one mistake does not spoil a record."""
    return amount if 0.0 <= amount < math.inf else 0.0
