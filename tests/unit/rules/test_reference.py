# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import pytest

from postward.mime.flags import FLAGS
from postward.mime.true_type import TRUE_TYPES
from postward.rules.action_scope import WHOLE_MESSAGE_KINDS
from postward.rules.compile import rule, rule_tests
from postward.rules.compile.action import ACTIONS
from postward.rules.compile.attachment import TEST_KEYS
from postward.rules.compile.catalogue import TESTS, VALUE_ATTRIBUTES
from postward.rules.compile.operators import OPERATORS
from postward.rules.compile.rates import RATE_KEYS
from postward.rules.conditions.number import COMPARISONS
from postward.rules.detectors.detector import DETECTORS
from postward.rules.rule_directions import DIRECTIONS

TEXT = (Path(__file__).parents[3] / "docs" / "rules-reference.md").read_text()
NAME = re.compile(r"`([a-z0-9_.]+)`")


def table(head: str) -> dict[str, list[str]]:
    """Rows of the table whose header begins so, by each name in their first cell."""
    lines = TEXT[TEXT.index(f"| {head}") :].splitlines()[2:]
    rows: dict[str, list[str]] = {}
    for line in lines:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        rows |= dict.fromkeys(NAME.findall(cells[0]), cells)
    return rows


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("key | meaning | usual", set(rule.KEYS)),
        ("direction | mail", set(DIRECTIONS)),
        ("tree | holds where", {"all", "any", "none", "always"}),
        ("operator | of", {*OPERATORS, *COMPARISONS}),
        ("condition | value", set(TESTS)),
        ("flag | set by", set(FLAGS)),
        ("key | what", set(TEST_KEYS)),
        ("action | written as", set(ACTIONS)),
        ("key | meaning |\n|---|---|\n| `name`", set(rule_tests._KEYS)),
        ("key of `expect`", set(rule_tests._EXPECTED)),
    ],
)
def test_everything_that_there_is_is_documented_and_nothing_else(head, names):
    assert set(table(head)) == names


def test_what_stands_in_sentences_is_complete():
    for names, beginning in (
        (RATE_KEYS, "**`rate`** takes"),
        (DETECTORS, "**`detector`** takes"),
        (TRUE_TYPES, "**`true_type`** is one of"),
    ):
        paragraph = TEXT[TEXT.index(beginning) :].partition("\n\n")[0]
        assert set(names) <= set(NAME.findall(paragraph))


def test_kind_and_stage_of_each_condition_are_those_of_the_code():
    rows = table("condition | value")
    for name, attribute in VALUE_ATTRIBUTES.items():
        cells = rows[name]
        position = NAME.findall(cells[0]).index(name)
        kinds, stages = cells[1].split(", "), cells[2].split(", ")
        kind = kinds[position] if len(kinds) > 1 else kinds[0]
        assert (name, kind) == (name, attribute.kind.name.lower())
        assert (name, stages[0]) == (name, attribute.stage.name.lower())


def test_actions_for_single_recipients_are_those_of_the_code():
    paragraph = TEXT[TEXT.index("A message has one header") :].partition("\n\n")[0]
    assert {"discard", "moderate", "redirect", "quarantine"} == set(NAME.findall(paragraph))
    assert WHOLE_MESSAGE_KINDS.isdisjoint({"discard", "moderate", "redirect"})
