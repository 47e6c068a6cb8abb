# SPDX-License-Identifier: GPL-3.0-or-later
"""``make fuzz``: try every target with many examples, other ones each time.

python -m tests.fuzz [--examples N] [--seed N] [TARGET...]
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fuzz import tally

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).parent
DEFAULT_EXAMPLES = 1_000
_TERMINAL_STEP_S = 0.5
_FILE_STEP_S = 30.0


class Progress:
    """Says which target is being tried, and how far it is."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._target = ""
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._run, daemon=True)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._target = nodeid.rpartition("::")[2].partition("[")[0]
        if not self._watch.ident:
            self._watch.start()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            name = report.nodeid.rpartition("::")[2]
            count = tally.tried[name.partition("[")[0]] or 1
            _say(f"{report.outcome:7} {name}: {count} examples in {report.duration:.1f} s")

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        # Its own line says it all.
        return (report.outcome if report.when == "call" or report.failed else ""), "", ""

    def pytest_sessionfinish(self) -> None:
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(_TERMINAL_STEP_S if self._is_terminal else _FILE_STEP_S):
            target = self._target
            words = f"{target}: {tally.tried[target]} of {tally.wanted.get(target, 1)}"
            if self._is_terminal:
                sys.stderr.write(f"\r\x1b[K{words}")
                sys.stderr.flush()
            else:
                _say(words)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 where nothing was found."""
    options = _parser().parse_args(arguments)
    os.environ[tally.VARIABLE] = str(options.examples)
    _say(f"Trying {options.examples} examples a target, fewer where one is dear; the seed is {options.seed}.")
    _say("Each target is something that strangers write; nothing may raise, lie, or take longer than it is long.")
    targets = ["-k", " or ".join(options.targets)] if options.targets else []
    status = pytest.main(
        [
            str(FOLDER), *targets, "-q", "--no-header", "--show-capture=no", "--tb=short", "-p", "no:cacheprovider",
            f"--hypothesis-seed={options.seed}",
        ],
        plugins=[Progress()],
    )  # fmt: skip
    if status:
        _say(f"Again: make fuzz ARGS='--seed {options.seed} --examples {options.examples} TARGET'.")
        _say("The example itself stands above; write it down as a test of its own before the defect is fixed.")
    return int(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Look for input that breaks Postward.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="only those whose name holds one of these words")
    parser.add_argument(
        "--examples", type=int, default=DEFAULT_EXAMPLES, metavar="N", help="a target (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), metavar="N", help="to try the same again")
    return parser


def _say(words: str) -> None:
    start = "\r\x1b[K" if sys.stderr.isatty() else ""
    sys.stderr.write(f"{start}fuzz: {words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
