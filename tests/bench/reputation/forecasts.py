# SPDX-License-Identifier: GPL-3.0-or-later
"""Forecasts of ours, from the store, beside those of others, for every message of some populations."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from postward.model.identity import EVERYBODY
from postward.model.reputation import UNKNOWN
from postward.reputation.estimate import estimate
from tests.bench.reputation.brier import Brier
from tests.bench.reputation.population import mails
from tests.bench.reputation.rivals import FlatMean, PlainRatio, Rival, TimedEwma
from tests.bench.reputation.scanner import Scanner, lesson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import redis

    from postward.model.identity import Identity
    from postward.store.reputation.records import RedisReputation
    from tests.bench.reputation.frozen_clock import FrozenClock
    from tests.bench.reputation.population import Mail, Shape

OURS, FLAT, RATIO, EWMA = "Postward", "flat mean", "plain ratio (TxRep)", "EWMA by time (rspamd)"
_RIVALS: dict[str, Callable[[], Rival]] = {FLAT: FlatMean, RATIO: PlainRatio, EWMA: TimedEwma}
_DAY_S = 86_400.0
_SURE = 0.5
_SAY_EVERY = 10_000


@dataclass(slots=True)
class Forecasts:
    """What came out."""

    methods: dict[str, Brier] = field(default_factory=lambda: {name: Brier() for name in (OURS, *_RIVALS)})
    messages: int = 0
    bad: int = 0
    addresses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a simulation is made with."""

    records: RedisReputation
    client: redis.Redis
    clock: FrozenClock
    say: Callable[[str], None]


def measure_forecasts(bench: Bench, shape: Shape, seeds: Sequence[int]) -> Forecasts:
    """Let each population send all its mail; every message is forecast before the store learns of it."""
    found = Forecasts()
    for seed in seeds:
        bench.client.flushall()
        rng = Random(seed)
        start_s = bench.clock.now_s + _DAY_S
        run = _Run(bench, found, rng)
        for mail in mails(rng, shape):
            bench.clock.move_to(start_s + mail.at_s)
            run.take(mail)
        found.addresses += run.addresses
    return found


class _Run:
    """One population."""

    def __init__(self, bench: Bench, found: Forecasts, rng: Random) -> None:
        self._bench = bench
        self._found = found
        self._rng = rng
        self._scanner = Scanner()
        self._seen: dict[Identity, int] = {}
        self._rivals: dict[Identity, dict[str, Rival]] = {}

    @property
    def addresses(self) -> int:
        """How many have sent something."""
        return len(self._seen)

    def take(self, mail: Mail) -> None:
        """Forecast one message, then learn of it."""
        address = mail.chain[-1]
        before = self._seen.get(address, 0)
        self._forecast(mail, before)
        self._learn(mail)
        self._seen[address] = before + 1
        self._found.messages += 1
        self._found.bad += mail.is_bad
        if self._found.messages % _SAY_EVERY == 0:
            self._bench.say(f"{self._found.messages:,} messages forecast")

    def _forecast(self, mail: Mail, before: int) -> None:
        standings = self._bench.records.fetch(mail.chain).standings
        ours = estimate([(one, standings.get(one, UNKNOWN).slow) for one in mail.chain])
        base = next(level.mean for level in ours.levels if level.identity == EVERYBODY)
        self._found.methods[OURS].note(before, ours.mean, is_bad=mail.is_bad)
        for name, rival in self._of(mail).items():
            self._found.methods[name].note(before, rival.expect(base), is_bad=mail.is_bad)

    def _learn(self, mail: Mail) -> None:
        probability = self._scanner.judge(self._rng, is_bad=mail.is_bad)
        evidence = lesson(probability)
        self._bench.records.add(dict.fromkeys(mail.chain, evidence))
        self._bench.records.flush()
        weight = evidence.good + evidence.bad
        for rival in self._of(mail).values():
            rival.learn(self._bench.clock.now_s, is_bad=probability >= _SURE, weight=weight)

    def _of(self, mail: Mail) -> dict[str, Rival]:
        address = mail.chain[-1]
        if address not in self._rivals:
            self._rivals[address] = {name: make() for name, make in _RIVALS.items()}
        return self._rivals[address]
