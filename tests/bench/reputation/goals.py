# SPDX-License-Identifier: GPL-3.0-or-later
"""What reputation is to reach, beside what it has reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.identity import IdentityKind
from tests.bench.reputation.crowd import Way
from tests.bench.reputation.false_flags import STOP
from tests.bench.reputation.forecasts import OURS
from tests.bench.reputation.takeover import BUSY, DELAYED, NIGHT
from tests.bench.targets import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.reputation.report import Report, Scale, Simulated

REFERENCE = {"0": 0.084, "1-2": 0.075, "3-9": 0.070, "50+": 0.057, "all": 0.059}
"""Brier scores of the same estimate in the simulation that it was designed by."""
MOST_BAD_MESSAGES = 20
MOST_FALSE = 0.001
_MOST_BYTES = {IdentityKind.IP: 180, IdentityKind.PAIR: 230}
_LEAST_PER_SECOND = 5_000
_MOST_STAGE_MS = 0.2
_MOST_GROWTH = 1.25
"""Of the CPU of Redis a message; a cache of the processor that does not hold all of it costs some."""


def outcomes(report: Report) -> list[Outcome]:
    """Hold what was measured against all goals."""
    found: list[Outcome] = []
    if report.simulated is not None:
        found += of_simulation(report.simulated)
    if report.scale is not None:
        found += of_scale(report.scale)
    return found


def of_simulation(simulated: Simulated) -> Iterator[Outcome]:
    """What the estimates are to be worth."""
    ours = simulated.forecasts.methods[OURS]
    for group, limit in REFERENCE.items():
        yield _at_most(f"Brier score with {group} own messages", limit, ours.score(group))
    for one in simulated.takeover.methods:
        if one.method in {NIGHT, BUSY, DELAYED}:
            words = f"bad messages until the last account was noticed: {one.method}"
            yield _at_most(words, MOST_BAD_MESSAGES, one.worst)
    alarms = simulated.takeover.false_alarms / simulated.takeover.honest
    yield _at_most("honest accounts noticed at any of their messages", MOST_FALSE, alarms)
    for flagged in simulated.flags:
        if flagged.rule == STOP.name:
            yield _at_most(f"honest senders of {flagged.messages:,} messages stopped", MOST_FALSE, flagged.honest)


def of_scale(scale: Scale) -> Iterator[Outcome]:
    """What the store may cost."""
    for one in scale.memory:
        limit = _MOST_BYTES.get(IdentityKind(one.kind))
        if limit is not None:
            yield _at_most(f"bytes an identity of {one.identities:,}: {one.kind}", limit, one.bytes_each)
    if scale.rates:
        best = max(scale.rates, key=lambda rate: rate.per_second)
        yield _at_least("messages a second of one Redis", _LEAST_PER_SECOND, best.per_second)
    yield _at_most("CPU of a worker a message, ms", _MOST_STAGE_MS, scale.stage.cpu_us / 1e3)
    sizes = [rate for rate in scale.sizes.rates if rate.way is Way.PREPARED]
    if len(sizes) > 1:
        words = f"CPU of Redis a message at {sizes[-1].identities:,} identities, of {sizes[0].identities:,}"
        yield _at_most(words, _MOST_GROWTH, sizes[-1].redis_us / sizes[0].redis_us)


def _at_most(words: str, limit: float, value: float | None) -> Outcome:
    is_met = value is not None and value <= limit
    return Outcome(words=words, bound=f"at most {limit:g}", value=value, is_met=is_met)


def _at_least(words: str, limit: float, value: float) -> Outcome:
    return Outcome(words=words, bound=f"at least {limit:g}", value=value, is_met=value >= limit)
