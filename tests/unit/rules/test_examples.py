# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in conf/rules.d: off as they come, and good once they are switched on."""

from __future__ import annotations

from pathlib import Path

from postward.rules.compile.load import load_rules
from postward.rules.testing import run_tests

EXAMPLES = Path(__file__).parents[3] / "conf" / "rules.d"


def switched_on(folder):
    for path in EXAMPLES.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text.replace("enabled: false", "enabled: true"), encoding="utf-8")
    return load_rules(folder)


def test_no_example_is_in_force_as_it_comes():
    assert load_rules(EXAMPLES).rules == ()


def test_every_example_is_good_and_its_tests_pass(tmp_path):
    rule_set = switched_on(tmp_path)
    assert len(rule_set.rules) >= 11
    assert [warning.key for warning in rule_set.warnings] in ([], ["external"])
    outcomes = list(run_tests(rule_set.rules, None))
    assert len(outcomes) >= 12
    assert [(outcome.test.where, outcome.problems) for outcome in outcomes if outcome.problems] == []
