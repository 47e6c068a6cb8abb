# SPDX-License-Identifier: GPL-3.0-or-later
"""The workers of one generation as their leader sees them: started, watched, replaced, told to retire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.mta.fork import fork, kill
from postward.mta.hand import Hand
from postward.mta.lapses import Lapses
from postward.mta.link import Link, open_link
from postward.mta.restart import Restart
from postward.mta.worker import run_worker

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from postward.mta.engine import LoadedGeneration
    from postward.mta.listening import Listener
    from postward.mta.status import WorkerStatus
    from postward.observability.logger import EventLog

_MAX_STUCK_SHARE = 4
"""A worker with more than a quarter of its threads stuck in given-up evaluations is replaced."""


@dataclass(slots=True)
class Place:
    """A place in the crew, which one serving worker fills at a time."""

    index: int
    restart: Restart


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What every worker of the generation gets."""

    loaded: LoadedGeneration
    listener: Listener
    channel: socket.socket
    log: EventLog
    foreign_links: Sequence[Link] = field(default_factory=tuple)
    """Ends that the leader holds and a worker must not."""


class Crew:
    """Keeps as many workers serving as the generation wants."""

    def __init__(self, workplace: Workplace, *, monotonic: Callable[[], float]) -> None:
        self._workplace = workplace
        self._settings = workplace.loaded.settings
        self._log = workplace.log
        self._monotonic = monotonic
        self._lapses = Lapses(monotonic)
        self._places = [Place(index, Restart(monotonic)) for index in range(max(1, workplace.loaded.workers))]
        self._is_retiring = False
        self.has_failed = False
        """A worker has died, or could not be started."""
        self.hands: dict[int, Hand] = {}
        self.restarts = 0
        self.unreported = 0
        """Finished messages that workers could neither log nor count, for they came faster than that."""

    @property
    def is_ready(self) -> bool:
        """Every place has a worker that serves."""
        return len({hand.index for hand in self._serving() if hand.is_ready}) == len(self._places)

    @property
    def is_healthy(self) -> bool:
        """At least one worker serves and was heard of lately."""
        now_s = self._monotonic()
        return any(hand.is_ready and not hand.is_unheard(self._settings, now_s) for hand in self._serving())

    @property
    def is_silent(self) -> bool:
        """No worker accepts connections any more."""
        return self._is_retiring and all(hand.is_silent for hand in self.hands.values())

    @property
    def is_gone(self) -> bool:
        """All workers have retired."""
        return self._is_retiring and not self.hands

    def links(self) -> list[Link]:
        """The ends to poll."""
        return [hand.link for hand in self.hands.values() if hand.link.is_open]

    def fill(self) -> None:
        """Start a worker in every place that has none and is due."""
        taken = {hand.index for hand in self._serving()}
        for place in self._places:
            if place.index not in taken and place.restart.is_due and not self._is_retiring:
                self._start(place)

    def _start(self, place: Place) -> None:
        try:
            self._add(place.index)
        except OSError as error:
            delay_s = self._put_off(place, 0.0)
            self._log.error("worker.not_started", index=place.index, error=error.strerror, restart_in_s=delay_s)

    def _add(self, index: int) -> None:
        work = self._workplace
        mine, theirs = open_link()
        others = (*work.foreign_links, *(hand.link for hand in self.hands.values()), mine)
        try:
            pid = fork(
                lambda: run_worker(theirs, work.listener, work.loaded, index=index, channel=work.channel, log=work.log),
                close=others,
            )
        except OSError:
            mine.close()
            raise
        finally:
            theirs.close()
        now = self._monotonic()
        self.hands[pid] = Hand(pid=pid, index=index, link=mine, started_s=now, heard_s=now)
        self._log.info("worker.started", pid=pid, index=index)

    def hear(self) -> None:
        """Take in what the workers say."""
        for hand in self.hands.values():
            dropped_before = hand.dropped
            for message in hand.link.receive():
                hand.take(message, self._monotonic())
            if hand.dropped > dropped_before:
                self._note_dropped(hand, hand.dropped - dropped_before)

    def _note_dropped(self, hand: Hand, count: int) -> None:
        self.unreported += count
        self._log.error("worker.unreported", pid=hand.pid, index=hand.index, count=count)

    def bury(self, pid: int, status: int) -> bool:
        """Take note that a child has ended; False where it was none of the crew."""
        hand = self.hands.pop(pid, None)
        if hand is None:
            return False
        hand.link.close()
        if hand.retires_since_s is not None:
            self._log.info("worker.retired", pid=pid, status=status)
            return True
        delay_s = self._put_off(self._places[hand.index], hand.age_s(self._monotonic()))
        self.restarts += 1
        self._log.error("worker.died", pid=pid, index=hand.index, status=status, restart_in_s=delay_s)
        return True

    def _put_off(self, place: Place, lived_s: float) -> float:
        """Plan the next start in that place; return in how many seconds."""
        self.has_failed = True
        return place.restart.put_off(lived_s)

    def watch(self) -> None:
        """Kill workers that hang, and have those replaced that are worn out."""
        lost_s = self._lapses.lost_s()
        for hand in self.hands.values():
            hand.heard_s += lost_s
        for hand in self.hands.values():
            if hand.is_killed:
                continue  # The kernel needs a moment to take a process down; it is one death all the same.
            if reason := hand.hangs(self._settings, self._monotonic()):
                self._log.error("worker.killed", pid=hand.pid, index=hand.index, reason=reason)
                hand.is_killed = True
                kill(hand.pid)
            elif hand.retires_since_s is None and hand.stuck * _MAX_STUCK_SHARE > self._settings.max_threads:
                self._log.error("worker.worn_out", pid=hand.pid, index=hand.index, stuck=hand.stuck)
                hand.retire(self._monotonic())

    def retire(self) -> None:
        """Tell all workers to end with their last session, and start none any more."""
        self._is_retiring = True
        for hand in self.hands.values():
            hand.retire(self._monotonic())

    def disband(self) -> None:
        """Kill all workers but those that serve, which the leader's end lets retire with their last sessions."""
        for hand in self.hands.values():
            if not hand.is_ready:
                kill(hand.pid)

    def statuses(self) -> list[WorkerStatus]:
        """The workers, for the status file."""
        return [hand.status(self._monotonic()) for hand in self.hands.values()]

    def _serving(self) -> list[Hand]:
        return [hand for hand in self.hands.values() if hand.retires_since_s is None]
