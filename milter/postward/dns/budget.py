# SPDX-License-Identifier: GPL-3.0-or-later
"""The allowance of DNS work that one message has."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.names import to_ascii

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.resolver import Lookup

_REFUSED = Answer(outcome=Outcome.BUDGET)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBudget:
    """How much DNS one message may cost."""

    max_queries: int
    """Different questions, no matter whether the cache or the network answers."""
    deadline_s: float
    """On the clock of whoever keeps the budget."""


class BudgetedLookup:
    """A ``Lookup`` that answers ``Outcome.BUDGET`` once the message's allowance is used up.

    Every different question counts, whether the network, the cache or nobody answers it; asking the same again is free
    and gives the same answer, so that a message is judged by one state of the world.  May be called from several
    threads.
    """

    def __init__(self, lookup: Lookup, *, max_queries: int, deadline_s: float, clock: Callable[[], float]) -> None:
        self._lookup = lookup
        self._left = max_queries
        self._deadline_s = deadline_s
        self._clock = clock
        self._answers: dict[tuple[str, RecordType], Answer] = {}
        self._lock = threading.Lock()

    def __call__(self, name: str, record_type: RecordType) -> Answer:
        """Look ``name`` up; see ``Lookup``."""
        owner = to_ascii(name)
        if owner is None:
            return Answer(outcome=Outcome.NXDOMAIN)
        question = (owner, record_type)
        answer = self._answers.get(question)
        if answer is not None:
            return answer
        if not self._take():
            return _REFUSED
        answer = self._lookup(owner, record_type)
        self._answers[question] = answer
        return answer

    def _take(self) -> bool:
        with self._lock:
            if self._left <= 0 or self._clock() >= self._deadline_s:
                return False
            self._left -= 1
            return True
