# SPDX-License-Identifier: GPL-3.0-or-later
"""How far all that is known of those whom a message comes from speaks against it, or for it.

Each identity counts by how well it is known, and by a bound that is certain, never by its mean: what is bad with 95 %
certainty speaks against it, and what is good with the same certainty, and has been for some time, speaks for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.model.identity import IdentityKind
from postward.reputation.estimate import FAIR, surely, upper
from postward.reputation.lineage import DOMAIN_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postward.model.estimate import Estimate

MOST = 4.0
"""In logits, for or against."""
_PAIR, _DOMAIN, _ADDRESS = 1.0, 0.8, 0.7
_SHARED_ADDRESS = 0.3
"""Where a domain is proven the address may be one that many senders share."""
_PROVEN = (IdentityKind.AUTHOR_DOMAIN, IdentityKind.DKIM_DOMAIN, IdentityKind.SPF_DOMAIN)
_NEVER_FAIR, _GOOD = 0.5, 0.1
"""The shares of bad mail between which what is expected of everybody counts."""
_SEASON_S = 14 * 86_400.0
"""So long somebody has to have been seen for good mail to count in full, and for half as long to count for a quarter:
a good name cannot be bought in an hour."""
_LEAST_SHARE = 1e-4
_HARD_MOST, _HARD_EACH = 4.0, 0.8
_HARD_LEAST_RATE, _HARD_FULL_RATE = 0.005, 0.05
"""From the one on hard evidence counts, from the other on in full: a large provider has some every day."""
_HARD_PRIOR_EVENTS, _HARD_PRIOR_MESSAGES = 0.05, 100.0


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one identity contributes."""

    estimate: Estimate
    log_odds: float
    """Against the message; negative speaks for it."""


def contributions(estimates: Mapping[IdentityKind, Estimate], prior: float) -> tuple[Contribution, ...]:
    """Give what each identity contributes; ``prior`` is what is expected of everybody.

    Who sends less bad mail than a fifth is not punished where all others send still less, nor is more than half of it
    excused where all others are as bad; and who sends more than a fifth is never rewarded.
    """
    bad_from, good_to = min(max(prior, FAIR), _NEVER_FAIR), max(min(prior, FAIR), _GOOD)
    return tuple(
        Contribution(found, weight * found.confidence * distance)
        for found, weight in _weighted(estimates)
        if (distance := _distance(found, bad_from, good_to))
    )


def fuse(parts: Iterable[Contribution]) -> float:
    """Add them up, within ``MOST`` to both sides."""
    return max(-MOST, min(MOST, sum(part.log_odds for part in parts)))


def hard_points(estimates: Mapping[IdentityKind, Estimate]) -> tuple[float, Estimate | None]:
    """How much malware, traps and complaints count, up to 4, and of whom: by their number, and by their share."""
    found = [(_hard(each) * weight, each) for each, weight in _responsible(estimates)]
    points, worst = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return (points, worst) if points > 0 else (0.0, None)


def _weighted(estimates: Mapping[IdentityKind, Estimate]) -> Iterator[tuple[Estimate, float]]:
    pair = estimates.get(IdentityKind.PAIR)
    if pair is not None and pair.record is not None:
        yield pair, _PAIR
    left = _DOMAIN
    for kind in DOMAIN_KINDS:
        # What is not known of the author's domain is taken from that of the signature, and so on.
        if (domain := estimates.get(kind)) is not None:
            yield domain, left
            left *= 1.0 - domain.confidence
    address = estimates.get(IdentityKind.IP)
    if address is not None:
        yield address, _SHARED_ADDRESS if _is_proven(estimates) else _ADDRESS


def _responsible(estimates: Mapping[IdentityKind, Estimate]) -> Iterator[tuple[Estimate, float]]:
    for kind in (IdentityKind.PAIR, *_PROVEN):
        if (found := estimates.get(kind)) is not None:
            yield found, 1.0
            if kind is not IdentityKind.PAIR:
                # The first that is proven is the one that answers for it.
                break
    address = estimates.get(IdentityKind.IP)
    if address is not None:
        yield address, _SHARED_ADDRESS if _is_proven(estimates) else 1.0


def _is_proven(estimates: Mapping[IdentityKind, Estimate]) -> bool:
    return any(kind in estimates for kind in _PROVEN)


def _distance(found: Estimate, bad_from: float, good_to: float) -> float:
    """How far a bound is from what is expected of everybody, in logits; 0 where that is not certain."""
    if found.lower > bad_from:
        return _logit(found.lower) - _logit(bad_from)
    # The upper bound is above the mean, and one of these three is mostly enough to know that nothing speaks for it.
    if found.mean >= good_to or not (season := _season(found)) or (most := upper(found)) >= good_to:
        return 0.0
    return (_logit(most) - _logit(good_to)) * season


def _season(found: Estimate) -> float:
    record = found.record
    return 0.0 if record is None else min(1.0, max(0, record.last_s - record.first_s) / _SEASON_S) ** 2


def _hard(found: Estimate) -> float:
    record = found.record
    if record is None or record.hard <= 0:
        return 0.0
    rate = surely(
        record.hard,
        max(record.weight, record.hard),
        prior_events=_HARD_PRIOR_EVENTS,
        prior_messages=_HARD_PRIOR_MESSAGES,
    )
    counts = (rate - _HARD_LEAST_RATE) / (_HARD_FULL_RATE - _HARD_LEAST_RATE)
    return min(_HARD_MOST, _HARD_EACH * record.hard) * max(0.0, min(1.0, counts))


def _logit(share: float) -> float:
    share = max(_LEAST_SHARE, min(1.0 - _LEAST_SHARE, share))
    return math.log(share / (1.0 - share))
