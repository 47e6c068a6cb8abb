# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence on its way to Redis: each addition arrives once, or it is given up, but never twice.

What a server was sent and has not answered may have been done, may be done in a moment, or never.  Three things
settle that.  The scripts refuse what comes later than a time that we set; so once that has passed, a server that hung
and wakes up does nothing any more.  They leave the token of the batch in what they touch; so what is sent again is not
done again.  And where another worker has touched the key meanwhile, which takes the token away, nothing is added.
Until it is settled nothing else is sent to the same keys from here.
"""

from __future__ import annotations

import math
import time
from functools import partial
from itertools import cycle, islice
from threading import Event, Lock
from typing import TYPE_CHECKING

from postward.model.identity import OWN_KINDS
from postward.store import wire
from postward.store.reputation.keys import HISTORY, LETTERS, PREFIX
from postward.store.reputation.parcel import Gate, Parcel, send
from postward.store.reputation.scripts import TOKENS, Code, Flag
from postward.store.reputation.server_clock import read_clock
from postward.store.timed_calls import RedisSilent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from postward.store.reputation.parcel import Attempt
    from postward.store.reputation.pending import Deltas, Pending
    from postward.store.reputation.server_clock import ServerClock
    from postward.store.reputation.watcher import Lost, Watcher
    from postward.store.timed_calls import TimedCalls

CORRESPONDENCE_TTL_S = 90 * 86_400
NOTED = b"1"
"""What stands at the key of a correspondence."""
AT_ONCE = 64
"""Keys in one round trip."""
_WAIT_S = 0.5
"""Nobody waits for it but our own thread, so a slow server may take longer than for what a message waits for."""
_MOST_UNSETTLED = 64
# Plain numbers: to combine members of an enumeration takes longer than all else that is done with an answer.
_CODES, _REFUSED, _HISTORY = 0b11, int(Flag.REFUSED), int(Flag.HISTORY)
_OWN = tuple(f"{PREFIX}{LETTERS[kind]}:" for kind in sorted(OWN_KINDS))


class Delivery:
    """Sends what is pending; made after a fork.  Safe from every thread, but one round goes on at a time."""

    def __init__(
        self,
        calls: TimedCalls,
        pending: Pending,
        watcher: Watcher,
        *,
        worker: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``worker`` is a number from 1 to ``MOST_WORKERS`` that no other worker is likely to have."""
        self._calls = calls
        self._pending = pending
        self._watcher = watcher
        self._tokens = cycle(range(TOKENS * worker, TOKENS * (worker + 1)))
        self._clock = clock
        self._lock = Lock()
        self._unsettled: list[Parcel] = []
        self._until_s = math.inf
        """When all sending ends."""

    @property
    def unsettled(self) -> int:
        """How many keys were sent something that may have been done, and wait for that to be settled."""
        return sum(len(parcel.deltas) for parcel in list(self._unsettled))

    def round(self) -> None:
        """Send what is pending, once; what cannot be sent stays, within bounds.  It never raises RedisSilent."""
        with self._lock:
            self._round()

    def finish(self, within_s: float) -> None:
        """Send what is pending, and again what has to be, for so long at the most; the rest is given up."""
        until_s = self._clock() + within_s
        # Also that which another thread is about.
        self._until_s = until_s
        self.round()
        while self._unsettled:
            next_s = min(parcel.settled_s for parcel in self._unsettled)
            if next_s > until_s or self._clock() > until_s:
                break
            Event().wait(max(next_s - self._clock(), 0.05))
            self.round()
        left = len(self._pending.take()) + len(self._pending.take_correspondences()) + self.unsettled
        self._unsettled.clear()
        self._lose("closed", left)

    def _round(self) -> None:
        now_s = self._clock()
        due = [parcel for parcel in self._unsettled if parcel.settled_s <= now_s]
        deltas: Deltas = {}
        if len(self._unsettled) < _MOST_UNSETTLED:
            deltas = self._pending.take(but={key for parcel in self._unsettled for key in parcel.deltas})
        self._unsettled = [parcel for parcel in self._unsettled if parcel.settled_s > now_s]
        token = next(self._tokens)
        new = [Parcel(deltas=some, token=token) for some in _pieces(deltas)]
        self._send_all([*due, *new])
        self._send_noted()

    def _send_all(self, parcels: Sequence[Parcel]) -> None:
        clock = self._read_clock() if parcels else None
        for parcel in parcels:
            if self._clock() > self._until_s:
                clock = None
            if clock is None:
                self._put_back(parcel)
            elif not self._send(parcel, clock):
                # Who does not answer is not asked again in this round.
                clock = None

    def _read_clock(self) -> ServerClock | None:
        try:
            return self._calls.call(lambda client: read_clock(client, self._clock), wait_s=_WAIT_S)
        except RedisSilent as silent:
            self._watcher.failed(str(silent))
            return None

    def _send(self, parcel: Parcel, clock: ServerClock) -> bool:
        """Send a parcel, and put back what has not been done of it; False where there is no answer."""
        gate = Gate()
        try:
            attempt, answers = self._calls.call(
                lambda client: send(client, parcel, clock, gate, self._clock()), wait_s=_WAIT_S
            )
        except RedisSilent as silent:
            self._watcher.failed(str(silent))
            passed = gate.close()
            self._put_back(parcel if passed is None else parcel.after(passed))
            return False
        self._settle(parcel, attempt, answers)
        return True

    def _settle(self, parcel: Parcel, attempt: Attempt, answers: Sequence[object]) -> None:
        undone: list[str] = []
        unknown: list[str] = []
        histories: Deltas = {}
        unclear = refused = 0
        for (key, amounts), answer in zip(parcel.deltas.items(), answers, strict=True):
            if not isinstance(answer, int):
                (undone if wire.is_refused(answer) else unknown).append(key)
            elif answer & _CODES == Code.LATE:
                undone.append(key)
            else:
                unclear += answer & _CODES == Code.UNCLEAR
                refused += bool(answer & _REFUSED)
                if answer & _HISTORY and key.endswith("}") and not key.startswith(_OWN):
                    histories[key + HISTORY] = amounts
        self._put_back(parcel.part(undone))
        self._put_back(parcel.part(unknown).after(attempt))
        self._keep(histories)
        self._lose("unclear", unclear)
        if refused:
            self._watcher.refused(refused)
        self._tell(answers)

    def _put_back(self, parcel: Parcel) -> None:
        """Keep what this time was not done, or may not have been."""
        if not parcel.deltas:
            return
        if parcel.first is None:
            self._keep(parcel.deltas)
        else:
            self._unsettled.append(parcel)

    def _send_noted(self) -> None:
        """Send correspondences; to do that twice does no harm."""
        noted = self._pending.take_correspondences()
        for start in range(0, len(noted), AT_ONCE):
            some = noted[start : start + AT_ONCE]
            if self._clock() > self._until_s:
                self._pending.note_keys(noted[start:])
                return
            commands = [(b"SET", key.encode(), NOTED, b"EX", b"%d" % CORRESPONDENCE_TTL_S) for key in some]
            try:
                answers = self._calls.call(partial(wire.exchange, commands=commands), wait_s=_WAIT_S)
            except RedisSilent as silent:
                self._watcher.failed(str(silent))
                self._lose("full", self._pending.note_keys(noted[start:]))
                return
            self._tell(answers)
            failed = [key for key, answer in zip(some, answers, strict=True) if isinstance(answer, Exception)]
            self._lose("full", self._pending.note_keys(failed))

    def _tell(self, answers: Iterable[object]) -> None:
        """Say that the server refused something, once for all of a round trip."""
        error = next((answer for answer in answers if isinstance(answer, Exception)), None)
        if error is not None:
            self._watcher.failed(wire.in_words(error))

    def _keep(self, deltas: Deltas) -> None:
        self._lose("full", self._pending.merge(deltas))

    def _lose(self, why: Lost, keys: int) -> None:
        if keys:
            self._watcher.lost(why, keys)


def _pieces(deltas: Deltas) -> Iterator[Deltas]:
    keys = iter(deltas)
    while some := list(islice(keys, AT_ONCE)):
        yield {key: deltas[key] for key in some}
