# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.configuration_file import configuration_in_force
from postward.app.diagnose.finding import Level
from postward.app.diagnose.transport_rules import check_rules
from postward.errors import ConfigErrors

RULE = """\
rules:
  - id: win
    direction: inbound
    when: {subject: {contains: win}}
    do: [{tag: prize}]
    tests: [{message: "Subject: you win", expect: {matches: TRUTH}}]
"""


@pytest.fixture
def checked(tmp_path):
    def check(text: str):
        folder = tmp_path / "rules.d"
        folder.mkdir(exist_ok=True)
        (folder / "10.yaml").write_text(text)
        (tmp_path / "postward.yaml").write_text(f"rules: {{folder: {folder}}}\n")
        return list(check_rules(configuration_in_force(tmp_path / "postward.yaml")))

    return check


def test_good_rules_are_counted(checked):
    (finding,) = checked(RULE.replace("TRUTH", "true"))
    assert (finding.level, finding.message) == (Level.OK, "1 rule can be used")


def test_without_rules_nothing_is_said(checked):
    assert checked("rules: []\n") == []


def test_a_folder_that_is_missed_is_told(tmp_path):
    (tmp_path / "postward.yaml").write_text(f"rules: {{folder: {tmp_path}/absent}}\n")
    (finding,) = check_rules(configuration_in_force(tmp_path / "postward.yaml"))
    assert (finding.level, finding.message) == (Level.WARNING, "0 rules can be used, with 1 warning")


def test_what_is_probably_not_meant_is_a_warning(checked):
    (finding,) = checked(RULE.replace("TRUTH", "true").replace("{tag: prize}", '{prefix_subject: "x "}'))
    assert (finding.level, finding.message) == (Level.WARNING, "1 rule can be used, with 1 warning")


def test_a_test_that_fails_is_a_fault_with_its_place(checked):
    with pytest.raises(ConfigErrors) as raised:
        checked(RULE.replace("TRUTH", "false"))
    (fault,) = raised.value.errors
    assert fault.path.endswith("10.yaml")
    assert fault.line == 6
    assert fault.message.startswith("the test 'win 1' of rule win fails: it matches (subject contains win: you win)")
