# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/failure-modes.md: each row is complete, and names tests, events and metrics that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from postward.observability.families import FAMILIES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COLUMNS = ["fault", "what happens", "what the sender sees", "what the operator sees", "lost", "tests"]
TEST = re.compile(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`")
FAULTS = 30


def tables():
    faults = (DOCS / "failure-modes.md").read_text().partition("## In the long run")[0]
    lines = [line for line in faults.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|---")]


ROWS = [row for row in tables() if row != COLUMNS]


def functions(path):
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def test_the_faults_are_all_there():
    assert len(ROWS) >= FAULTS
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_row_is_complete_and_its_tests_exist(row):
    assert len(row) == len(COLUMNS)
    assert all(row)
    named = TEST.findall(row[-1])
    assert len(named) == row[-1].count("::") > 0
    for path, function in named:
        assert function in functions(ROOT / path)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_what_the_operator_sees_is_documented(row):
    told = row[1] + row[3]
    events = re.findall(r"`([a-z]+(?:_[a-z]+)?\.[a-z_]+)`", row[3])
    documented = (DOCS / "log-events.md").read_text()
    assert [event for event in events if f"`{event}`" not in documented and f"## {event}" not in documented] == []
    assert [name for name in re.findall(r"`(postward_[a-z_]+)", told) if name not in FAMILIES] == []


def test_what_may_be_lost_is_never_mail():
    assert {row[4] for row in ROWS} == {
        "nothing",
        "as above",
        "counters begin at zero",
        "log lines and counts of the worker's last second",
        "the log's lines",
        "the last entries of Redis",
        "what `postward why` would tell of that time",
        "that limits hold exactly, meanwhile",
        "what was learnt of some senders, where it is too much to keep",
        "what was learnt of some senders, where another worker learnt of them at that moment",
        "what it said of one sender",
    }
