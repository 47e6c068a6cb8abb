# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of identities in Redis: read in one round trip, added to in the background."""

from __future__ import annotations

import secrets
import threading
import time
from typing import TYPE_CHECKING

from postward.model.identity import OWN_KINDS, IdentityKind
from postward.model.reputation import FAST, SLOW, Known, Standing
from postward.observability.background import BackgroundLoop
from postward.store import wire
from postward.store.reputation import keys, transfer
from postward.store.reputation.delivery import NOTED, Delivery
from postward.store.reputation.history import unpack_days
from postward.store.reputation.keys import correspondence_key, identity_of, key_of
from postward.store.reputation.pending import MOST, Pending
from postward.store.reputation.reading import read
from postward.store.reputation.record import unpack_at
from postward.store.reputation.scripts import MOST_WORKERS, TEXTS
from postward.store.reputation.watcher import NobodyWatches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from postward.model.identity import Identity
    from postward.model.reputation import Correspondence, Evidence
    from postward.model.reputation_day import ReputationDay
    from postward.observability.logger import EventLog
    from postward.store.clients import Client
    from postward.store.reputation.saved import Saved, SavedCorrespondence
    from postward.store.reputation.watcher import Watcher
    from postward.store.timed_calls import TimedCalls

FLUSH_EVERY_S = 1.0
_FINISH_S = 3.0
_NOBODY_WATCHES = NobodyWatches()


def _silent_progress(_looked: int, _total: int) -> None:
    return


class RedisReputation:
    """Made after a fork, and to be closed.  Safe from every thread.

    All that reads raises RedisSilent, a TemporaryFailure; what is added waits in memory until Redis has it.
    """

    def __init__(
        self,
        calls: TimedCalls,
        watcher: Watcher = _NOBODY_WATCHES,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        most_pending: int = MOST,
    ) -> None:
        """``calls`` stay the caller's; ``clock`` is that by which evidence has faded when it is read."""
        for script in TEXTS:
            calls.prepare(script)
        self._calls = calls
        self._watcher = watcher
        self._clock = clock
        self._pending = Pending(most_pending)
        worker = secrets.randbelow(MOST_WORKERS) + 1
        self._delivery = Delivery(calls, self._pending, watcher, worker=worker, clock=monotonic)
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, log: EventLog) -> None:
        """Send what is added every second, on a thread of its own."""
        loop = BackgroundLoop("reputation", self.flush, log, self._ending, interval_s=FLUSH_EVERY_S)
        self._thread = loop.start()

    def fetch(self, identities: Collection[Identity], correspondences: Collection[Correspondence] = ()) -> Known:
        """What is known of all of them by now, in one round trip."""
        wanted = [(identity, key_of(identity), identity.kind in OWN_KINDS) for identity in dict.fromkeys(identities)]
        pairs = {correspondence_key(pair.user, pair.other): pair for pair in correspondences}
        names = [key for _, key, _ in wanted]
        names += [key + keys.FAST for _, key, is_own in wanted if is_own]
        names += pairs
        values = dict(zip(names, read(self._calls, names), strict=True))
        standings = self._standings(wanted, values)
        noted = [(pair, values[key]) for key, pair in pairs.items() if values[key] is not None]
        found = frozenset(pair for pair, value in noted if value == NOTED)
        if len(found) < len(noted):
            self._watcher.refused(len(noted) - len(found))
        return Known(standings=standings, correspondences=found)

    def add(self, evidence: Mapping[Identity, Evidence]) -> None:
        """Add to records, histories and fast windows, soon; in memory only, so it takes no time."""
        self._lose_room(self._pending.add(evidence))

    def note(self, correspondences: Iterable[Correspondence]) -> None:
        """Remember for 90 days that a user of ours has written to somebody, soon; the same."""
        self._lose_room(self._pending.note(correspondences))

    def history(self, identity: Identity) -> tuple[ReputationDay, ...]:
        """Its days of the last 60 on which there was something, the earliest first; empty where none is kept.

        Kept of our own senders, and of others when they have sent some messages and not only good ones.
        """
        (value,) = read(self._calls, [key_of(identity) + keys.HISTORY])
        days = unpack_days(value)
        if value is not None and days is None:
            self._watcher.refused(1)
        return days or ()

    def forget(self, identity: Identity) -> bool:
        """Forget all of one identity; returns whether there was something.

        What other workers have learnt of it in this second is added afterwards.
        """
        key = key_of(identity)
        names = [key, key + keys.FAST, key + keys.HISTORY]
        self._pending.forget(names)
        return self._calls.call(lambda client: _deleted(client, names)) > 0

    def scan(
        self, kind: IdentityKind | None = None, *, progress: Callable[[int, int], object] = _silent_progress
    ) -> Iterator[tuple[Identity, Standing]]:
        """All identities, or all of one kind, as they count now; one may come twice.

        Long names are missing, for only a hash of them is kept.  ``progress`` gets how many keys were looked at, and
        how many there are about.
        """
        for found in transfer.pages(self._calls, _pattern(kind), progress):
            wanted = [
                (identity, key, identity.kind in OWN_KINDS)
                for key in found
                if (identity := identity_of(key)) is not None and kind in {None, identity.kind}
            ]
            names = [key for _, key, _ in wanted] + [key + keys.FAST for _, key, is_own in wanted if is_own]
            values = read(self._calls, names)
            yield from self._standings(wanted, dict(zip(names, values, strict=True))).items()

    def dump(
        self, *, progress: Callable[[int, int], object] = _silent_progress
    ) -> Iterator[Saved | SavedCorrespondence]:
        """All that is kept, as it can be put back; progress goes from nothing to all twice."""
        yield from transfer.dump(self._calls, progress)
        yield from transfer.dump_correspondences(self._calls, self._clock, progress)

    def restore(self, saved: Sequence[Saved | SavedCorrespondence]) -> int:
        """Put back what was dumped, in place of what is there; returns how many were not forgotten by now."""
        return transfer.restore(self._calls, saved, self._clock())

    def flush(self) -> None:
        """Send what was added, once, on the calling thread; what Redis does not take is kept, within bounds."""
        self._delivery.round()

    @property
    def pending(self) -> int:
        """How many keys wait for something to be added."""
        return len(self._pending) + self._delivery.unsettled

    def close(self) -> None:
        """Send what was added, for some seconds at the most, and end."""
        self._ending.set()
        self._delivery.finish(_FINISH_S)
        if self._thread is not None:
            self._thread.join(_FINISH_S)

    def _standings(
        self, wanted: Iterable[tuple[Identity, str, bool]], values: Mapping[str, object]
    ) -> dict[Identity, Standing]:
        now_s = self._clock()
        found: dict[Identity, Standing] = {}
        refused = 0
        for identity, key, is_own in wanted:
            value = values[key]
            slow = unpack_at(value, now_s, SLOW)
            refused += value is not None and slow is None
            fast = None
            if is_own:
                value = values[key + keys.FAST]
                fast = unpack_at(value, now_s, FAST)
                refused += value is not None and fast is None
            if slow is not None or fast is not None:
                found[identity] = Standing(slow=slow, fast=fast)
        if refused:
            self._watcher.refused(refused)
        return found

    def _lose_room(self, lost: int) -> None:
        if lost:
            self._watcher.lost("full", lost)


def _pattern(kind: IdentityKind | None) -> str:
    """Return what the keys look like; addresses and networks have short ones, without the kind."""
    if kind in {None, IdentityKind.IP, IdentityKind.NETWORK}:
        return f"{keys.PREFIX}*}}"
    return f"{keys.PREFIX}{keys.LETTERS[kind]}:*}}"


def _deleted(client: Client, names: Sequence[str]) -> int:
    """Delete keys that lie together."""
    (answer,) = wire.exchange(client, [(b"DEL", *(key.encode() for key in names))])
    if isinstance(answer, int):
        return answer
    raise answer if isinstance(answer, Exception) else TypeError("no number")
