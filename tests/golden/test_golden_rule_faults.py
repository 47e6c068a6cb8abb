# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator reads of files with faults: each folder has rule files, and ``faults.txt`` with every line of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from postward.errors import ConfigErrors
from postward.rules.compile.load import load_rules

CASES = sorted(path for path in (Path(__file__).parent / "rule_faults").iterdir() if path.is_dir())
NOW_S = 1_795_000_000.0


def told(folder):
    try:
        errors = load_rules(folder, now_s=NOW_S).warnings
    except ConfigErrors as faults:
        errors = faults.errors
    return "".join(f"{error}\n" for error in errors).replace(f"{folder}/", "")


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_every_fault_is_told_with_its_place_and_a_hint(folder):
    assert told(folder) == (folder / "faults.txt").read_text(encoding="utf-8")


def test_there_are_cases():
    assert len(CASES) >= 8
