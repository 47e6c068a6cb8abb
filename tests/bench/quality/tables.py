# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found in the corpus, as tables for people."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

from tests.bench.quality.arrival import Standing
from tests.bench.quality.stored_corpus import Kind
from tests.bench.quality.weight_rule import greatest_weight, least_weight
from tests.bench.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.quality.hit_rates import Counts, HitRates
    from tests.bench.quality.judging import Judged

THRESHOLDS = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def threshold_table(judged: Sequence[Judged]) -> Table:
    """How many messages of each kind reach which score."""
    outside = [one for one in judged if one.standing is Standing.OUTSIDE]
    groups = {
        "easy ham": [one for one in outside if one.kind is Kind.EASY_HAM],
        "hard ham": [one for one in outside if one.kind is Kind.HARD_HAM],
        "of both: not of a mailing list": [one for one in outside if one.kind is not Kind.SPAM and not one.is_of_list],
        "spam": [one for one in outside if one.kind is Kind.SPAM],
        "set aside: ham not from outside": [one for one in judged if one.standing is not Standing.OUTSIDE],
    }
    rows = tuple(
        (words, str(len(group)), *(_share(group, score) for score in THRESHOLDS)) for words, group in groups.items()
    )
    head = ("", "messages", *(f">= {score:g}" for score in THRESHOLDS))
    return Table(title="Messages that reach a score", head=head, rows=rows)


def _share(judged: Sequence[Judged], score: float) -> str:
    reached = sum(one.score >= score for one in judged)
    return f"{reached} ({reached / max(len(judged), 1):.2%})"


def symbol_table(rates: HitRates, weights: Mapping[str, float]) -> Table:
    """In how much spam and ham a symbol is found, as hit-frequencies of SpamAssassin says it; the best first.

    Those that were never found are left out.
    """
    gains = {name: _information_gain(hits, rates.totals) for name, hits in rates.symbols.items() if hits.all}
    best = max(gains.values(), default=0.0) or 1.0
    rows = tuple(
        _symbol_row(name, rates, weights.get(name, 0.0), gains[name] / best)
        for name in sorted(gains, key=lambda name: (-gains[name], name))
    )
    head = ("symbol", "spam", "easy ham", "hard ham", "spam %", "easy %", "hard %", "S/O", "rank", "allowed", "weight")
    return Table(title="Symbols", head=head, rows=rows)


def never_found(rates: HitRates) -> str:
    """Names of the symbols that no message has."""
    return ", ".join(name for name, hits in rates.symbols.items() if not hits.all) or "none"


def _symbol_row(name: str, rates: HitRates, weight: float, rank: float) -> tuple[str, ...]:
    hits, totals = rates.symbols[name], rates.totals
    bound = least_weight(hits, totals) if weight < 0 else greatest_weight(hits, totals)
    spam, ham = _rates(hits, totals)
    return (
        name,
        *(str(count) for count in (hits.spam, hits.easy_ham, hits.hard_ham)),
        f"{spam:.2%}",
        f"{hits.easy_ham / max(totals.easy_ham, 1):.2%}",
        f"{hits.hard_ham / max(totals.hard_ham, 1):.2%}",
        f"{spam / (spam + ham):.3f}",
        f"{rank:.2f}",
        f"{bound:.2f}",
        f"{weight:.1f}",
    )


def _rates(hits: Counts, totals: Counts) -> tuple[float, float]:
    """In how much of spam and of all ham it is found."""
    ham_hits, ham = hits.easy_ham + hits.hard_ham, totals.easy_ham + totals.hard_ham
    return hits.spam / max(totals.spam, 1), ham_hits / max(ham, 1)


def _information_gain(hits: Counts, totals: Counts) -> float:
    """How many bits about ham or spam the symbol tells, where both are as frequent."""
    spam, ham = _rates(hits, totals)
    found = (spam + ham) / 2
    return 1.0 - found * _entropy(spam, ham) - (1.0 - found) * _entropy(1.0 - spam, 1.0 - ham)


def _entropy(one: float, other: float) -> float:
    both = one + other
    return -sum(part / both * log2(part / both) for part in (one, other) if part > 0)
