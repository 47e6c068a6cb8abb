# SPDX-License-Identifier: GPL-3.0-or-later
"""How many honest senders a rule about complaints takes for bad ones by chance, and how many bad ones it finds.

Honest senders have complaints about one of 2,000 messages, bad ones about one of 20.  A rule that asks the plain rate
stops every sender whose first complaint comes early; one that asks for the lower bound waits until it is certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, comb, log1p
from random import Random
from typing import TYPE_CHECKING

from postward.model.identity import Identity, IdentityKind
from postward.model.reputation import Evidence
from postward.reputation.estimate import surely

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.store.reputation.records import RedisReputation
    from tests.bench.reputation.forecasts import Bench

HONEST, BAD = 0.0005, 0.05
_PRIOR_COMPLAINTS, _PRIOR_MESSAGES = 0.05, 100.0
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Flags a sender from a rate of complaints on."""

    name: str
    rate: float
    least: int
    """Complaints there must be, whatever the rate."""
    is_sure: bool
    """Asks for the lower bound; else for the rate itself."""

    def flags(self, complaints: float, messages: float) -> bool:
        """Whether it flags a sender."""
        if complaints < self.least:
            return False
        if not self.is_sure:
            return complaints / messages >= self.rate
        bound = surely(complaints, messages, prior_events=_PRIOR_COMPLAINTS, prior_messages=_PRIOR_MESSAGES)
        return bound > self.rate

    def needed(self, messages: int) -> int:
        """How many complaints about so many messages it takes."""
        return next(count for count in range(messages + 1) if self.flags(count, messages))


STOP = Rule(name="stop: certainly above 0.5 %, 3 complaints", rate=0.005, least=3, is_sure=True)
RAW_STOP = Rule(name="stop: rate of 0.5 %", rate=0.005, least=1, is_sure=False)
LOOK = Rule(name="look at: certainly above 0.1 %, 2 complaints", rate=0.001, least=2, is_sure=True)
RAW_LOOK = Rule(name="look at: rate of 0.1 %", rate=0.001, least=1, is_sure=False)
RULES = (RAW_STOP, STOP, RAW_LOOK, LOOK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """What one rule does with senders of so many messages."""

    rule: str
    messages: int
    needed: int
    """Complaints."""
    honest: float
    """The share of honest senders that it flags, computed."""
    honest_in_store: float
    """The same, of honest senders that were drawn and kept in the store."""
    bad: float
    """The share of bad senders that it flags, computed."""


def measure_flags(bench: Bench, *, sizes: Sequence[int], senders: int, seed: int) -> list[Flagged]:
    """Draw honest senders, keep in the store what came of their mail, read it again, and ask each rule."""
    found = []
    for messages in sizes:
        bench.say(f"false flags: {senders:,} honest senders of {messages:,} messages")
        bench.client.flushall()
        # Redis tells the second in which a record was touched; within one nothing fades.
        bench.clock.move_to(ceil(bench.clock.now_s))
        counts = _kept(bench.records, messages, senders, Random(seed + messages))
        found += [_flagged(rule, messages, counts) for rule in RULES]
    return found


def at_least(count: int, messages: int, rate: float) -> float:
    """How likely it is that so many or more of the messages have a complaint."""
    fewer = sum(comb(messages, less) * rate**less * (1 - rate) ** (messages - less) for less in range(count))
    return max(0.0, 1.0 - fewer)


def _flagged(rule: Rule, messages: int, counts: Sequence[tuple[float, float]]) -> Flagged:
    needed = rule.needed(messages)
    return Flagged(
        rule=rule.name,
        messages=messages,
        needed=needed,
        honest=at_least(needed, messages, HONEST),
        honest_in_store=sum(rule.flags(*one) for one in counts) / len(counts),
        bad=at_least(needed, messages, BAD),
    )


def _kept(records: RedisReputation, messages: int, senders: int, rng: Random) -> list[tuple[float, float]]:
    """Complaints and messages of each honest sender, as the store gives them back."""
    found: list[tuple[float, float]] = []
    for some in _groups(senders):
        evidence = {one: _mail(rng, messages) for one in some}
        records.add(evidence)
        records.flush()
        standings = records.fetch(some).standings
        found += [(record.hard, record.seen) for one in some if (record := standings[one].slow) is not None]
    return found


def _groups(senders: int) -> Iterator[list[Identity]]:
    for start in range(0, senders, _AT_ONCE):
        yield [
            Identity(IdentityKind.TENANT, f"tenant{one}.example")
            for one in range(start, min(start + _AT_ONCE, senders))
        ]


def _mail(rng: Random, messages: int) -> Evidence:
    complaints = _binomial(rng, messages, HONEST)
    return Evidence(good=float(messages), hard=float(complaints), seen=float(messages))


def _binomial(rng: Random, trials: int, rate: float) -> int:
    """Draw how many of the trials succeed, from one success to the next."""
    count, place = 0, _gap(rng, rate)
    while place < trials:
        count += 1
        place += 1 + _gap(rng, rate)
    return count


def _gap(rng: Random, rate: float) -> int:
    """Draw how many trials fail before one succeeds."""
    return int(rng.expovariate(1.0) / -log1p(-rate))
