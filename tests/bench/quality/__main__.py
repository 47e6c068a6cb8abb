# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.bench.quality [--json FILE] [--messages SYMBOL] [--above SCORE] [--markdown] [--update]``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.scoring.default_composites import DEFAULT_COMPOSITES
from tests.bench.quality.arrival import Standing
from tests.bench.quality.guide import GUIDE, with_figures
from tests.bench.quality.hit_rates import STORED_RATES, count_hits, read_rates, write_rates
from tests.bench.quality.stored_corpus import FOLDER, Kind, stored_messages
from tests.bench.quality.survey import judge_all
from tests.bench.quality.tables import never_found, symbol_table, threshold_table
from tests.bench.tables import as_markdown, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.quality.hit_rates import HitRates
    from tests.bench.quality.judging import Judged
    from tests.bench.tables import Table


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the corpus and print what the command line asks for; 1 where a check broke or there is no corpus."""
    options = _parser().parse_args(arguments)
    messages = stored_messages()
    if not messages:
        _say(f"There is no corpus in {FOLDER}; `make quality` installs it.")
        return 1
    judged = judge_all(messages)
    rates = count_hits(judged, measured_symbols())
    if options.messages is not None:
        _list_messages(judged, options.messages)
    elif options.above is not None:
        _list_ham(judged, options.above)
    else:
        _print_tables(judged, rates, is_markdown=options.markdown)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(one) for one in judged], indent=1) + "\n", encoding="utf-8")
    if options.update:
        _update(judged, rates)
    elif not STORED_RATES.exists() or read_rates() != rates:
        _say(f"{STORED_RATES.name} says something else: --update writes it anew.")
    return _report_failures(judged)


def measured_symbols() -> list[str]:
    """Names of all symbols of header and content, and of the composites."""
    found = [symbol.name for check in (*HEADER_CHECKS, *BODY_CHECKS) for symbol in check.symbols]
    return [*found, *(composite.definition.name for composite in DEFAULT_COMPOSITES)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.quality",
        description="Judge the SpamAssassin public corpus by header and content alone; count what each check finds.",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found in each message there")
    parser.add_argument("--messages", metavar="SYMBOL", help="list the messages in which this symbol was found")
    parser.add_argument("--above", type=float, metavar="SCORE", help="list the ham that reaches this score, and why")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    parser.add_argument("--update", action="store_true", help=f"write {STORED_RATES.name} and docs/{GUIDE.name}")
    return parser


def _tables(judged: Sequence[Judged], rates: HitRates) -> dict[str, Table]:
    weights = {name: DEFAULT_SCALE.weight(name) for name in rates.symbols}
    return {"scores": threshold_table(judged), "symbols": symbol_table(rates, weights)}


def _update(judged: Sequence[Judged], rates: HitRates) -> None:
    write_rates(rates, STORED_RATES)
    text = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(with_figures(text, _tables(judged, rates)), encoding="utf-8")


def _print_tables(judged: Sequence[Judged], rates: HitRates, *, is_markdown: bool) -> None:
    write = as_markdown if is_markdown else as_text
    for table in _tables(judged, rates).values():
        _print(write(table))
    _print(f"Never found: {never_found(rates)}")


def _list_messages(judged: Sequence[Judged], symbol: str) -> None:
    for one in judged:
        if any(name == symbol for name, _ in one.symbols):
            _print(f"{one.name} {one.score:.1f}")


def _list_ham(judged: Sequence[Judged], score: float) -> None:
    for one in sorted(judged, key=lambda one: -one.score):
        if one.kind is not Kind.SPAM and one.standing is Standing.OUTSIDE and one.score >= score:
            reasons = ", ".join(f"{name} {points:g}" for name, points in one.symbols if points)
            _print(f"{one.name} {one.score:.1f}: {reasons}")


def _report_failures(judged: Sequence[Judged]) -> int:
    broken = [(one.name, name) for one in judged for name in one.failed]
    for message, name in broken:
        _say(f"{name} broke on {message}")
    return 1 if broken else 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _say(words: str) -> None:
    sys.stderr.write(f"quality: {words}\n")


if __name__ == "__main__":
    sys.exit(main())
