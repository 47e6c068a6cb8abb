# SPDX-License-Identifier: GPL-3.0-or-later
"""Some evidence on its way to Redis, and whether it may have got there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from redis.exceptions import NoScriptError

from postward.store import wire
from postward.store.broken import BROKEN
from postward.store.reputation.scripts import TEXTS, Batch, script_for
from postward.store.timed_calls import RedisSilent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.store.clients import Client
    from postward.store.reputation.pending import Deltas
    from postward.store.reputation.server_clock import ServerClock

_LEASE_S = 1.0
"""So long a server may take to begin; then it refuses."""
_MARGIN_S = 0.25
"""For clocks that do not run equally fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One time that a parcel was sent."""

    local_s: float
    """By our clock, and not too late."""
    sent_s: int
    """The same by the servers' clocks."""
    settled_s: float
    """From then on, by our clock, it is not done any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is sent in one round trip."""

    deltas: Deltas
    token: int
    first: Attempt | None = None
    """None where none of it has been done for sure."""
    settled_s: float = 0.0
    """From then on it may be sent again."""

    def part(self, keys: Iterable[str]) -> Parcel:
        """The same for some of its keys."""
        return replace(self, deltas={key: self.deltas[key] for key in keys})

    def after(self, attempt: Attempt) -> Parcel:
        """The same when it was sent and there was no answer."""
        return replace(self, first=self.first or attempt, settled_s=attempt.settled_s)

    def attempt(self, clock: ServerClock, now_s: float) -> tuple[Attempt, Batch]:
        """What it means to send it now, for us and for the server."""
        attempt = Attempt(
            local_s=now_s,
            sent_s=clock.earliest_s(now_s),
            settled_s=now_s + _LEASE_S + clock.unsure_s + _MARGIN_S,
        )
        first = self.first or attempt
        batch = Batch(
            token=self.token,
            # Others may be the masters by now, and their clocks behind.
            sent_s=min(first.sent_s, clock.earliest_s(first.local_s)),
            not_after_ms=clock.latest_ms(now_s) + _LEASE_S * 1_000,
            is_again=self.first is not None,
        )
        return attempt, batch


class Gate:
    """Passed by the thread that sends, or closed by who waits for it, but never both."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_closed = False
        self._passed: Attempt | None = None

    def enter(self, attempt: Attempt) -> None:
        """Pass; raises RedisSilent where nobody waits any more."""
        with self._lock:
            if self._is_closed:
                raise RedisSilent("nobody waits any more")
            self._passed = attempt

    def close(self) -> Attempt | None:
        """Say what may have been sent; from now on nothing is."""
        with self._lock:
            self._is_closed = True
            return self._passed


def send(client: Client, parcel: Parcel, clock: ServerClock, gate: Gate, now_s: float) -> tuple[Attempt, list[object]]:
    """The script's answers, or exceptions, in the order of the keys; runs where nobody may wait any more."""
    attempt, batch = parcel.attempt(clock, now_s)
    commands = [script_for(key).command(key, amounts, batch) for key, amounts in parcel.deltas.items()]
    answers = wire.exchange(client, commands, before=lambda: gate.enter(attempt))
    missing = [place for place, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
    if missing:
        # Restarted, or its scripts were flushed.
        _load(client)
        for place, answer in zip(missing, wire.exchange(client, [commands[place] for place in missing]), strict=True):
            answers[place] = answer
    return attempt, answers


def _load(client: Client) -> None:
    for master in client.masters():
        with suppress(*BROKEN):
            wire.exchange(master, [(b"SCRIPT", b"LOAD", text.encode()) for text in TEXTS])
