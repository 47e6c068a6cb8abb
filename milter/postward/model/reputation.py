# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an identity: evidence that fades, and what one message adds to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.identity import Identity

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLives:
    """After how long evidence counts half; in seconds."""

    soft_s: float = 14 * _DAY_S
    """Good and bad messages."""
    hard_s: float = 45 * _DAY_S
    """Complaints, traps, malware."""

    def left(self, passed_s: float) -> tuple[float, float]:
        """How much of soft and of hard evidence is left; all of it where the clock was set back."""
        if passed_s <= 0.0:
            return 1.0, 1.0
        return 2.0 ** (-passed_s / self.soft_s), 2.0 ** (-passed_s / self.hard_s)


SLOW = HalfLives()
FAST = HalfLives(soft_s=1_800.0, hard_s=1_800.0)
"""The window that notices within minutes that one of our own accounts is in other hands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is added to a record; none of it is negative."""

    good: float = 0.0
    bad: float = 0.0
    hard: float = 0.0
    seen: float = 0.0
    """Messages, whatever they were."""

    def __add__(self, other: Evidence) -> Evidence:
        """Both together."""
        return Evidence(
            good=self.good + other.good,
            bad=self.bad + other.bad,
            hard=self.hard + other.hard,
            seen=self.seen + other.seen,
        )


class Record(NamedTuple):
    """The evidence about one identity, as it counted at ``last_s``; a tuple, for each message makes some."""

    good: float
    bad: float
    hard: float
    seen: float
    """Messages since ``first_s``; these do not fade."""
    first_s: int
    """Unix time of the first of them."""
    last_s: int
    """Unix time of the last."""

    def at(self, now_s: float, lives: HalfLives = SLOW) -> Record:
        """The same as it counts at ``now_s``; never more than it was, whatever the clock does."""
        soft, hard = lives.left(now_s - self.last_s)
        return Record(
            good=self.good * soft,
            bad=self.bad * soft,
            hard=self.hard * hard,
            seen=self.seen,
            first_s=self.first_s,
            last_s=self.last_s,
        )

    @property
    def weight(self) -> float:
        """How much good and bad evidence there is, in messages."""
        return self.good + self.bad


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that is kept of one identity, as it counts now."""

    slow: Record | None = None
    """None where nothing is known, or nothing that can be read."""
    fast: Record | None = None
    """Of our own senders alone."""


UNKNOWN = Standing()


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One of our users and somebody else, both as addresses; a domain is in lower case, as A-label."""

    user: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store says about one message."""

    standings: Mapping[Identity, Standing] = field(default_factory=lambda: MappingProxyType({}))
    """Of those that were asked for; one of whom nothing is known is missing."""
    correspondences: frozenset[Correspondence] = frozenset()
    """Those of the pairs asked for in which our user has written to the other."""
