# SPDX-License-Identifier: GPL-3.0-or-later
"""What a symbol may weigh, given in which messages it was found.

Three bounds, of which the smallest holds:

- What was found in fewer than 20 messages is not known well enough to count more than 0.5.
- Otherwise the logarithm of how much more often it is found in spam than in ham, ln(spam rate / ham rate): ten times as
  often is 2.3.  So 5 points, which make junk, are 150 times as likely in spam, were no two checks to say the same.
- What it adds to an average ham message, its weight times its ham rate, is at most 0.05: what one ham message in ten
  has weighs no more than 0.5, what one in fifty has no more than 2.5.

And nothing weighs more than 2.4: header and content alone make no message junk for two reasons.

The ham rate is the greater of those in easy and in hard ham.  Easy ham is plain text that came through mailing lists,
all but some dozen messages; mail of today is mostly HTML, comes from its author's server, and is in good part
newsletters, which is what hard ham is.  Each rate counts half a message more than was seen: what was found in no ham
message is rare, not impossible.  For what speaks for a message, ham and spam change places.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.quality.hit_rates import Counts

UNMEASURED_WEIGHT = 0.5
GREATEST_WEIGHT = 2.4
_ENOUGH_HITS = 20
_MEAN_POINTS_IN_HAM = 0.05


def greatest_weight(hits: Counts, totals: Counts) -> float:
    """How much a symbol may count against a message."""
    ham = ham_rate(hits, totals)
    bounds = [GREATEST_WEIGHT, _MEAN_POINTS_IN_HAM / ham]
    bounds.append(UNMEASURED_WEIGHT if hits.all < _ENOUGH_HITS else _log_odds(spam_rate(hits, totals), ham))
    return min(bounds)


def least_weight(hits: Counts, totals: Counts) -> float:
    """How much a symbol may count for a message, below zero."""
    spam = spam_rate(hits, totals)
    bounds = [GREATEST_WEIGHT, _MEAN_POINTS_IN_HAM / spam]
    bounds.append(UNMEASURED_WEIGHT if hits.all < _ENOUGH_HITS else _log_odds(ham_rate(hits, totals), spam))
    return -min(bounds)


def ham_rate(hits: Counts, totals: Counts) -> float:
    """In which part of that kind of ham it is found in which it is found more often."""
    return max(_rate(hits.easy_ham, totals.easy_ham), _rate(hits.hard_ham, totals.hard_ham))


def spam_rate(hits: Counts, totals: Counts) -> float:
    """In which part of spam it is found."""
    return _rate(hits.spam, totals.spam)


def _rate(hits: int, total: int) -> float:
    return (hits + 0.5) / (total + 1)


def _log_odds(rate: float, other: float) -> float:
    return max(log(rate / other), 0.0)
