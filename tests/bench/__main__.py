# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.bench [--quick] [--json FILE] [--markdown]``, and ``python -m tests.bench profile``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.bench import FULL, QUICK, run_bench, run_profile
from tests.bench.ending import run_to_the_end
from tests.bench.tables import as_markdown, as_text, profile_table, remarks, report_tables
from tests.bench.targets import outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.report import Report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 whether targets are met or not."""
    options = _parser().parse_args(arguments)
    if os.geteuid():
        _say("The bench starts a name server and mail services of its own and needs root: make bench")
        return 1
    return run_to_the_end(lambda: _measure(options), _say)


def _measure(options: argparse.Namespace) -> None:
    if options.task == "profile":
        _print(as_text(profile_table(run_profile())))
    else:
        _show(run_bench(QUICK if options.quick else FULL, _command(options), _say), options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Postward and its peers.")
    parser.add_argument("task", nargs="?", choices=("bench", "profile"), default="bench")
    parser.add_argument("--quick", action="store_true", help="about a minute, and rougher")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    return parser


def _show(report: Report, options: argparse.Namespace) -> None:
    if options.json is not None:
        figures = asdict(report) | {"targets": [asdict(each) for each in outcomes(report)]}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    write = as_markdown if options.markdown else as_text
    _print(
        f"`{report.command}` on {report.machine}:\n" if options.markdown else f"{report.command}\n{report.machine}\n"
    )
    for table in report_tables(report):
        _print(write(table))
    for remark in remarks(report):
        _print(remark)


def _command(options: argparse.Namespace) -> str:
    return f"make bench{' ARGS=--quick' if options.quick else ''}"


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _say(words: str) -> None:
    sys.stderr.write(f"bench: {words}\n")


if __name__ == "__main__":
    sys.exit(main())
