# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.bench.reputation [--quick] [--only PART] [--largest N] [--json FILE] [--markdown] [--update]``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.ending import run_to_the_end
from tests.bench.quality.guide import with_figures
from tests.bench.reputation.bench import FULL, QUICK, Extent, run_bench
from tests.bench.reputation.goals import outcomes
from tests.bench.reputation.tables import report_tables
from tests.bench.tables import as_markdown, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.reputation.report import Report

_DOCS = Path(__file__).parents[3] / "docs"
_GUIDE = _DOCS / "reputation-figures.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 whether goals are met or not."""
    options = _parser().parse_args(arguments)
    return run_to_the_end(lambda: _show(run_bench(_extent(options), _command(options), _say), options), _say)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.reputation", description="What reputation is worth, and what it costs."
    )
    parser.add_argument("--quick", action="store_true", help="about a minute, and rougher")
    parser.add_argument("--only", choices=("simulation", "scale"), help="one part of it")
    parser.add_argument("--largest", type=int, metavar="N", help="no more identities than that")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw them into this folder; needs matplotlib")
    parser.add_argument("--update", action="store_true", help=f"write docs/{_GUIDE.name} and its plots")
    return parser


def _extent(options: argparse.Namespace) -> Extent:
    extent = QUICK if options.quick else FULL
    return extent.only(options.only).up_to(options.largest)


def _command(options: argparse.Namespace) -> str:
    said = [
        *(["--quick"] if options.quick else []),
        *(["--only", options.only] if options.only else []),
        *(["--largest", str(options.largest)] if options.largest else []),
    ]
    quote = '"' if len(said) > 1 else ""
    return f"make reputation-bench ARGS={quote}{' '.join(said)}{quote}" if said else "make reputation-bench"


def _show(report: Report, options: argparse.Namespace) -> None:
    tables = report_tables(report)
    if options.json is not None:
        figures = asdict(report) | {"goals": [asdict(each) for each in outcomes(report)]}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    write = as_markdown if options.markdown else as_text
    sys.stdout.write(f"{report.command}\n{report.machine}\n\n")
    for table in tables.values():
        sys.stdout.write(f"{write(table)}\n")
    for remark in report.remarks:
        sys.stdout.write(f"{remark}\n")
    if options.update:
        _GUIDE.write_text(with_figures(_GUIDE.read_text(), tables))
    folder = _DOCS / "plots" if options.update else options.plots
    if folder is not None:
        _draw(report, folder)


def _draw(report: Report, folder: Path) -> None:
    from tests.bench.reputation.plots import draw_all  # noqa: PLC0415 - it needs matplotlib

    for path in draw_all(report, folder):
        _say(f"drawn: {path}")


def _say(words: str) -> None:
    sys.stderr.write(f"reputation: {words}\n")


if __name__ == "__main__":
    sys.exit(main())
