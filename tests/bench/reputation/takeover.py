# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with two thousand good messages falls into other hands: how many bad ones go out until it is noticed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import UNKNOWN
from postward.reputation.estimate import dual, estimate
from tests.bench.reputation.noticed import THRESHOLD, noticed
from tests.bench.reputation.rivals import FlatMean, PlainRatio, Rival, TimedEwma
from tests.bench.reputation.scanner import Scanner, lesson

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.estimate import Estimate
    from tests.bench.reputation.forecasts import Bench
    from tests.bench.reputation.noticed import Noticed

NIGHT = "Postward, after a night without mail"
BUSY = "Postward, in the middle of good mail"
DELAYED = "the same, learning once a second as a worker does"
SURE = "the same, when the lower bound passes it too"
_RIVALS: dict[str, Callable[[], Rival]] = {
    "flat mean that fades in 14 days": FlatMean,
    "plain ratio (TxRep)": PlainRatio,
    "EWMA by time (rspamd)": TimedEwma,
}
BETWEEN_BAD_S = 0.3
"""200 a minute."""
_BETWEEN_GOOD_S = 360.0
_GOOD_A_DAY = 100
_DAY_S = 86_400.0
_NIGHT_S = 9 * 3_600.0
_BASE = 0.1
_LONGEST_OF_RIVALS = 20_000
_PLOTTED = 100
_LIKELY = 0.5
Courses = list[list[float]]
SCANNER = Scanner(wrong=0.01)
"""What one's own users write is seldom like spam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """What came out."""

    accounts: int
    good: int
    """Messages of each before."""
    methods: list[Noticed]
    honest: int
    """Accounts that all this was done with, each new."""
    false_alarms: int
    """Those that were noticed while they were honest, at any of their messages."""
    courses: dict[str, list[float]]
    """What each method expected of the first account, bad message by bad message."""


def measure_takeover(bench: Bench, *, accounts: int, good: int, longest: int, seed: int) -> Takeover:
    """Let all accounts be good for weeks and then bad, in three ways."""

    def run(number: int, **circumstances: float) -> tuple[_Accounts, Courses, Courses]:
        bench.say(f"takeover: {accounts} accounts, {number} of 3")
        made = _Accounts(bench, accounts, seed + number)
        made.be_good(good)
        return made, *made.turn_bad(longest, **circumstances)

    rested, nightly, _ = run(1, pause_s=_NIGHT_S)
    busy, means, bounds = run(2)
    delayed, late, _ = run(3, flush_every_s=1.0)
    theirs = {
        name: [_course(make(), good, Random(seed + one)) for one in range(accounts)] for name, make in _RIVALS.items()
    }
    return Takeover(
        accounts=accounts,
        good=good,
        methods=[
            noticed(NIGHT, nightly),
            noticed(BUSY, means),
            noticed(DELAYED, late),
            noticed(SURE, bounds),
            *(noticed(name, courses) for name, courses in theirs.items()),
        ],
        false_alarms=sum(len(made.alarmed) for made in (rested, busy, delayed)),
        honest=3 * accounts,
        courses={BUSY: means[0][:_PLOTTED]} | {name: courses[0][:_PLOTTED] for name, courses in theirs.items()},
    )


class _Accounts:
    """Each of a tenant of its own, all sending at the same time."""

    def __init__(self, bench: Bench, count: int, seed: int) -> None:
        self._bench = bench
        self._rng = Random(seed)
        self._chains = [_chain(f"tenant{one}.example") for one in range(count)]
        self.alarmed: set[int] = set()
        """Those that were noticed while they were good."""
        bench.client.flushall()
        bench.clock.move_to(bench.clock.now_s + _DAY_S)

    def be_good(self, count: int) -> None:
        """Send so many good messages each, a hundred a day."""
        first_s = self._bench.clock.now_s
        for number in range(count):
            day, of_day = divmod(number, _GOOD_A_DAY)
            self._bench.clock.move_to(first_s + day * _DAY_S + of_day * _BETWEEN_GOOD_S)
            expected = self._expected()
            self.alarmed |= {one for one, found in enumerate(expected) if found.mean > THRESHOLD}
            self._learn(is_bad=False)
            self._bench.records.flush()

    def turn_bad(self, count: int, *, pause_s: float = 0.0, flush_every_s: float = 0.0) -> tuple[Courses, Courses]:
        """Send so many bad ones each, a pause after the last good one; what was expected then, and what at least.

        What all others send, of the tenant too, does not change meanwhile: nothing but the account itself tells.
        """
        means: Courses = [[] for _ in self._chains]
        bounds: Courses = [[] for _ in self._chains]
        self._bench.clock.move_to(self._bench.clock.now_s + pause_s)
        flushed_s = self._bench.clock.now_s
        for _ in range(count):
            self._bench.clock.move_to(self._bench.clock.now_s + BETWEEN_BAD_S)
            if self._bench.clock.now_s - flushed_s >= flush_every_s:
                self._bench.records.flush()
                flushed_s = self._bench.clock.now_s
            for one, found in enumerate(self._expected()):
                means[one].append(found.mean)
                bounds[one].append(found.lower)
            self._learn(is_bad=True)
        self._bench.records.flush()
        return means, bounds

    def _expected(self) -> list[Estimate]:
        standings = self._bench.records.fetch([one for chain in self._chains for one in chain]).standings
        found = []
        for chain in self._chains:
            slow = estimate([(one, standings.get(one, UNKNOWN).slow) for one in chain])
            found.append(dual(slow, standings.get(chain[-1], UNKNOWN).fast))
        return found

    def _learn(self, *, is_bad: bool) -> None:
        for chain in self._chains:
            evidence = lesson(SCANNER.judge(self._rng, is_bad=is_bad))
            self._bench.records.add(dict.fromkeys(chain[-1:] if is_bad else chain, evidence))


def _chain(domain: str) -> tuple[Identity, ...]:
    return (EVERYBODY, Identity(IdentityKind.TENANT, domain), Identity(IdentityKind.LOGIN, f"user@{domain}"))


def _course(rival: Rival, good: int, rng: Random) -> list[float]:
    """What a rival expects, bad message by bad message, until it notices."""
    for number in range(good):
        day, of_day = divmod(number, _GOOD_A_DAY)
        _teach(rival, day * _DAY_S + of_day * _BETWEEN_GOOD_S, rng, is_bad=False)
    day, of_day = divmod(good - 1, _GOOD_A_DAY)
    now_s = day * _DAY_S + of_day * _BETWEEN_GOOD_S
    course: list[float] = []
    while len(course) < _LONGEST_OF_RIVALS and not (course and course[-1] > THRESHOLD and len(course) > _PLOTTED):
        now_s += BETWEEN_BAD_S
        course.append(rival.expect(_BASE))
        _teach(rival, now_s, rng, is_bad=True)
    return course


def _teach(rival: Rival, at_s: float, rng: Random, *, is_bad: bool) -> None:
    probability = SCANNER.judge(rng, is_bad=is_bad)
    evidence = lesson(probability)
    rival.learn(at_s, is_bad=probability >= _LIKELY, weight=evidence.good + evidence.bad)
