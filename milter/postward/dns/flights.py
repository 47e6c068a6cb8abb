# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries on their way, so that nobody sends the same one again meanwhile."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.answer import Answer
    from postward.dns.cache import Question


@dataclass(slots=True, eq=False)
class Flight:
    """One query and all who wait for its answer."""

    question: Question
    started_s: float
    deadline_s: float
    waiting: list[Callable[[Answer], None]] = field(default_factory=list)
    landed: bool = False


class Flights:
    """All the queries on their way; every one is given the same time, so they fall due in the order of their start."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._by_question: dict[Question, Flight] = {}
        self._by_age: deque[Flight] = deque()

    def __len__(self) -> int:
        return len(self._by_question)

    def get(self, question: Question) -> Flight | None:
        """The flight that asks this."""
        return self._by_question.get(question)

    def start(self, question: Question, now_s: float) -> Flight:
        """Begin a flight; the question must not be in flight."""
        flight = Flight(question, now_s, now_s + self._timeout_s)
        self._by_question[question] = flight
        self._by_age.append(flight)
        return flight

    def land(self, flight: Flight) -> list[Callable[[Answer], None]]:
        """End a flight and return who waited; nobody where it had ended already."""
        if flight.landed:
            return []
        flight.landed = True
        del self._by_question[flight.question]
        return flight.waiting

    def overdue(self, now_s: float) -> Flight | None:
        """Return the oldest flight if its time is over."""
        oldest = self._oldest()
        return oldest if oldest is not None and oldest.deadline_s <= now_s else None

    def wait_s(self, now_s: float) -> float | None:
        """How long until the oldest flight is overdue; None without one."""
        oldest = self._oldest()
        return None if oldest is None else max(oldest.deadline_s - now_s, 0.0)

    def all(self) -> list[Flight]:
        """All flights, whenever they started."""
        return list(self._by_question.values())

    def _oldest(self) -> Flight | None:
        while self._by_age and self._by_age[0].landed:
            self._by_age.popleft()
        return self._by_age[0] if self._by_age else None
