# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker remembers of clients while it is busy: read from the reputation store on a thread of its own."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from postward.errors import TemporaryFailure
from postward.observability.background import guarded
from postward.pipeline.fading_memory import FadingMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.identity import Identity
    from postward.model.ip_address import IpAddress
    from postward.model.reputation import Correspondence, Known
    from postward.observability.logger import EventLog
    from postward.pipeline.client_trust import TrustModel

_LIFETIME_S = 60.0
_MAX_AT_ONCE = 64
_MAX_WAITING = 1_000


class Reader(Protocol):
    """The part of the reputation store that is asked; see ``reputation.store``."""

    def read(self, identities: Sequence[Identity], correspondences: Sequence[Correspondence]) -> Known:
        """Read all at once; raises TemporaryFailure."""
        ...


def start_thread(body: Callable[[], None]) -> None:
    """Run ``body`` on a daemon thread."""
    threading.Thread(target=body, name="trust", daemon=True).start()


@dataclass(slots=True)
class _Question:
    client: IpAddress
    correspondences: tuple[Correspondence, ...] = ()
    answered: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.answered.acquire()


class TrustBook:
    """Answers from memory, and asks on one thread, which is made with the first question.

    Many questions become one to the store, so that those who wait share its time.
    """

    def __init__(
        self,
        reader: Reader,
        model: TrustModel,
        log: EventLog,
        *,
        clock: Callable[[], float] = time.monotonic,
        start: Callable[[Callable[[], None]], None] = start_thread,
    ) -> None:
        self._reader = reader
        self._model = model
        self._log = log
        self._trust: FadingMemory[IpAddress, float] = FadingMemory(clock, _LIFETIME_S)
        self._written_to: FadingMemory[Correspondence, bool] = FadingMemory(clock, _LIFETIME_S)
        self._questions: SimpleQueue[_Question | None] = SimpleQueue()
        self._start = start
        self._lock = threading.Lock()
        self._is_started = self._is_closed = False

    def trust(self, client: IpAddress) -> float | None:
        """Give the trust in a client, None where it is not remembered.  Never waits."""
        return self._trust.get(client)

    def written_to(self, correspondences: Sequence[Correspondence]) -> bool | None:
        """Whether one of our users has written to the other of one of these; None where it is not remembered."""
        answers = [self._written_to.get(one) for one in correspondences]
        return True if True in answers else None if None in answers else False

    def look_up(self, client: IpAddress) -> None:
        """Ask for a client ahead.  Never waits."""
        if self._trust.get(client) is None:
            self._post(_Question(client))

    def ask(self, client: IpAddress, correspondences: tuple[Correspondence, ...], timeout_s: float) -> None:
        """Ask for what is not remembered, and wait for the answer, at most so long; there may be none."""
        question = _Question(client, correspondences)
        if self._post(question):
            question.answered.acquire(timeout=max(0.0, timeout_s))

    def close(self) -> None:
        """End the thread after what it is doing."""
        with self._lock:
            self._is_closed = True
        self._questions.put(None)

    def _post(self, question: _Question) -> bool:
        if self._questions.qsize() >= _MAX_WAITING or not self._is_running():
            return False
        self._questions.put(question)
        return True

    def _is_running(self) -> bool:
        with self._lock:
            if not self._is_started and not self._is_closed:
                try:
                    self._start(self._run)
                except RuntimeError:
                    # There is no thread to be had; nothing is known for now.
                    return False
                self._is_started = True
            return not self._is_closed

    def _run(self) -> None:
        while (first := self._questions.get()) is not None:
            questions = [first]
            while len(questions) < _MAX_AT_ONCE and (more := self._next()) is not None:
                questions.append(more)
            guarded("trust", partial(self._answer, questions), self._log)
            if self._is_closed:
                return

    def _next(self) -> _Question | None:
        try:
            return self._questions.get_nowait()
        except Empty:
            return None

    def _answer(self, questions: list[_Question]) -> None:
        try:
            self._read(questions)
        except TemporaryFailure:
            # Nothing is known; the store has a breaker, so that the next question costs no time.
            pass
        finally:
            for question in questions:
                question.answered.release()

    def _read(self, questions: list[_Question]) -> None:
        clients = dict.fromkeys(one.client for one in questions if self._trust.get(one.client) is None)
        pairs = dict.fromkeys(
            pair for one in questions for pair in one.correspondences if self._written_to.get(pair) is None
        )
        identities = dict.fromkeys(one for client in clients for one in self._model.identities(client))
        if not identities and not pairs:
            return
        known = self._reader.read(tuple(identities), tuple(pairs))
        for client in clients:
            self._trust.put(client, self._model.trust(client, known.standings))
        for pair in pairs:
            self._written_to.put(pair, pair in known.correspondences)
