# SPDX-License-Identifier: GPL-3.0-or-later
"""From messages to counts, to the file and to the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.quality.arrival import Standing
from tests.bench.quality.hit_rates import Counts, HitRates, count_hits, read_rates, write_rates
from tests.bench.quality.judging import Judged
from tests.bench.quality.stored_corpus import Kind
from tests.bench.quality.tables import never_found, symbol_table, threshold_table

if TYPE_CHECKING:
    from pathlib import Path


def judged(kind: Kind, *symbols: str, score: float = 0.0, standing: Standing = Standing.OUTSIDE) -> Judged:
    return Judged(
        name="x/1.txt",
        kind=kind,
        standing=standing,
        is_of_list=kind is Kind.EASY_HAM,
        symbols=tuple((name, 1.0) for name in symbols),
        score=score,
        failed=(),
    )


MESSAGES = [
    judged(Kind.SPAM, "BAD", "ODD", score=5.0),
    judged(Kind.SPAM, "BAD", score=2.5),
    judged(Kind.HARD_HAM, "ODD", score=3.0),
    judged(Kind.EASY_HAM),
    judged(Kind.EASY_HAM, "BAD", score=6.0, standing=Standing.LOCAL),
]


def test_messages_are_counted_by_kind_and_only_those_from_outside() -> None:
    rates = count_hits(MESSAGES, ["ODD", "BAD", "NEVER"])
    assert rates.totals == Counts(1, 1, 2)
    assert rates.symbols == {"BAD": Counts(0, 0, 2), "NEVER": Counts(0, 0, 0), "ODD": Counts(0, 1, 1)}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    rates = HitRates(totals=Counts(1, 2, 3), symbols={"BAD": Counts(0, 0, 2), "ODD": Counts(0, 1, 1)})
    write_rates(rates, tmp_path / "rates.json")
    assert read_rates(tmp_path / "rates.json") == rates


def test_the_table_of_scores_has_all_that_reach_each() -> None:
    rows = {row[0]: row[1:] for row in threshold_table(MESSAGES).rows}
    assert rows["spam"][:5] == ("2", "2 (100.00%)", "1 (50.00%)", "1 (50.00%)", "1 (50.00%)")
    assert rows["hard ham"][:4] == ("1", "1 (100.00%)", "1 (100.00%)", "0 (0.00%)")
    assert rows["of both: not of a mailing list"][:2] == ("1", "1 (100.00%)")
    assert rows["set aside: ham not from outside"][5] == "1 (100.00%)"


def test_the_table_of_symbols_has_the_best_first() -> None:
    rates = count_hits(MESSAGES, ["ODD", "BAD", "NEVER"])
    table = symbol_table(rates, {"BAD": 0.4})
    assert [row[0] for row in table.rows] == ["BAD", "ODD"]
    assert table.rows[0] == ("BAD", "2", "0", "0", "100.00%", "0.00%", "0.00%", "1.000", "1.00", "0.20", "0.4")
    assert table.rows[1][7] == "0.500"
    assert never_found(rates) == "NEVER"
