# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be expected of an identity: from everybody down to itself, each level the prior of the next.

Each level is a Beta-Binomial: its expected share of bad mail is its own evidence and ``strength`` messages of what the
level above lets expect.  So whoever is not known is taken for what his network or organization is, and a few messages
move him as far as they should.  What acts asks ``lower``, which is certain to 95 %, never the mean.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from postward.model.estimate import Estimate, Level
from postward.model.identity import EVERYBODY, OWN_KINDS, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.identity import Identity
    from postward.model.reputation import Record

FAIR = 0.2
"""The share of bad mail that is expected where nothing at all is known."""
_STRENGTH_OF_ALL = 2.0
_OF_OWN = 0.1
"""The most that is expected of our own senders before they have sent anything: whoever sends from outside is others."""
_STRENGTH_OF_FAST = 5.0
_SURE = 1.645
"""Standard deviations for 95 %, on one side."""
STRENGTHS = {
    IdentityKind.ALL: _STRENGTH_OF_ALL,
    IdentityKind.ASN: 20.0,
    IdentityKind.NETWORK: 12.0,
    IdentityKind.IP: 8.0,
    IdentityKind.ORGANIZATION: 12.0,
    IdentityKind.HELO: 6.0,
    IdentityKind.SPF_DOMAIN: 6.0,
    IdentityKind.DKIM_DOMAIN: 6.0,
    IdentityKind.AUTHOR_DOMAIN: 6.0,
    IdentityKind.PAIR: 4.0,
    IdentityKind.TENANT: 12.0,
    IdentityKind.LOGIN: 6.0,
    IdentityKind.OUTGOING_IP: 8.0,
}
"""How many messages of its own it takes a level to count as much as what the level above lets expect."""


def estimate(chain: Sequence[tuple[Identity, Record | None]]) -> Estimate:
    """Say what is to be expected of the last of a chain, which begins with everybody; records are as they count now."""
    found = of_everybody(chain[0][1])
    for identity, record in chain[1:]:
        found = below(found, identity, record)
    return found


def of_everybody(record: Record | None) -> Estimate:
    """Say what is to be expected of anybody."""
    return _estimate((), EVERYBODY, record, FAIR, 0.0)


def below(parent: Estimate, identity: Identity, record: Record | None) -> Estimate:
    """Say what is to be expected of an identity whose level above is ``parent``."""
    # What everybody sends says nothing of this one, however much it is.
    is_first = parent.identity.kind is IdentityKind.ALL
    borrowed = 0.0 if is_first else STRENGTHS[identity.kind] * parent.confidence
    return _estimate(parent.levels, identity, record, _of_kind(identity, parent.mean), borrowed)


def dual(slow: Estimate, fast: Record | None) -> Estimate:
    """Give the worse of two windows, for one of our own senders: years of good mail hide nothing of the last hour."""
    if fast is None:
        return slow
    prior = min(slow.mean, _OF_OWN)
    mean = _mean(fast, prior, _STRENGTH_OF_FAST)
    return slow._replace(
        mean=max(slow.mean, mean),
        lower=max(slow.lower, _bound(fast, prior, _STRENGTH_OF_FAST, -_SURE)),
        confidence=max(slow.confidence, fast.weight / (fast.weight + _STRENGTH_OF_FAST)),
    )


def upper(found: Estimate) -> float:
    """Where the share of bad mail is not above, with 95 % certainty: what speaks for somebody asks this."""
    level = found.levels[-1]
    return _bound(level.record, _prior(found.levels[:-1], level, max), level.strength, _SURE)


def surely(events: float, messages: float, *, prior_events: float, prior_messages: float) -> float:
    """Where the rate of rare events is not below, with 95 % certainty; 0 for none."""
    return _quantile(events + prior_events, messages + prior_messages, -_SURE) if events > 0 else 0.0


def _estimate(
    above: tuple[Level, ...], identity: Identity, record: Record | None, prior: float, borrowed: float
) -> Estimate:
    """``borrowed`` is how much of the prior is founded on evidence, in messages."""
    strength = STRENGTHS[identity.kind]
    if record is None:
        mean, weight = prior, borrowed
    else:
        own = record.good + record.bad
        mean, weight = (record.bad + strength * prior) / (own + strength), own + borrowed
    level = Level(identity, record, prior, strength, mean)
    lower = _bound(record, _prior(above, level, min), strength, -_SURE)
    return Estimate(identity, mean, lower, weight / (weight + strength), (*above, level))


def _prior(above: tuple[Level, ...], level: Level, choose: Callable[[float, float], float]) -> float:
    """Give what a bound takes for the prior: that of everybody, or the fair one where that is safer.

    That all others send bad mail is a good guess about one of whom nothing is known, and proves nothing about him.
    """
    if not above or choose(above[0].mean, FAIR) == above[0].mean:
        return level.prior
    prior = FAIR
    for one in above[1:]:
        prior = _mean(one.record, _of_kind(one.identity, prior), one.strength)
    return _of_kind(level.identity, prior)


def _of_kind(identity: Identity, prior: float) -> float:
    return min(prior, _OF_OWN) if identity.kind in OWN_KINDS else prior


def _mean(record: Record | None, prior: float, strength: float) -> float:
    return prior if record is None else (record.bad + strength * prior) / (record.weight + strength)


def _bound(record: Record | None, prior: float, strength: float, deviations: float) -> float:
    """Give the better of two bounds, both on the safe side: of bad mail as the rare event, and of good mail."""
    bad, messages = strength * prior, strength
    if record is not None:
        bad, messages = bad + record.bad, messages + record.good + record.bad
    # Up to half of it bad mail is the rare event for a lower bound, from half on good mail is for an upper one: there
    # the other bound is never the better one.
    half = messages / 2
    if deviations < 0:
        of_bad = _quantile(bad, messages, deviations)
        return of_bad if bad <= half else max(of_bad, 1.0 - _quantile(messages - bad, messages, -deviations))
    of_good = 1.0 - _quantile(messages - bad, messages, -deviations)
    return of_good if bad >= half else min(of_good, _quantile(bad, messages, deviations))


def _quantile(events: float, messages: float, deviations: float) -> float:
    """Give a quantile of the gamma distribution (Wilson and Hilferty 1931): a closed form, also for parts of events."""
    if events <= 0:
        return 0.0
    root = 1 - 1 / (9 * events) + deviations / (3 * math.sqrt(events))
    return min(1.0, events * root**3 / messages) if root > 0 else 0.0
