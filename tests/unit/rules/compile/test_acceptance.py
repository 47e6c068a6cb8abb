# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from postward.rules.compile.load import load_rules
from postward.rules.stage import Stage

FOLDER = Path(__file__).parent / "acceptance"


@pytest.fixture(scope="module")
def rules():
    return load_rules(FOLDER)


def test_every_rule_compiles(rules):
    assert len(rules.rules) == 26
    assert len({rule.id for rule in rules.rules}) == 26


def test_what_the_envelope_decides_is_decided_there(rules):
    assert [rule.id for rule in rules.at_recipient] == ["only-from-filter", "restricted-mailbox", "mail-storm"]
    assert all(rule.stage is Stage.END for rule in rules.at_end)


@pytest.mark.parametrize(
    ("rule", "on_error"),
    [
        ("block-auto-forward", "defer"),
        ("external-banner", "ignore"),
        ("sensitive-needs-tls", "defer"),
        ("catch-all", "defer"),
        ("moderation-trainee", "defer"),
        ("bulk-phrases", "ignore"),
        ("all-caps", "ignore"),
        ("label-header", "ignore"),
    ],
)
def test_what_becomes_of_their_errors(rules, rule, on_error):
    (found,) = [each for each in rules.rules if each.id == rule]
    assert found.on_error == on_error


def test_what_is_warned_of(rules):
    assert [(warning.key, warning.message.partition(" breaks")[0]) for warning in rules.warnings] == [
        ("external-banner", "prefix_subject"),
        ("executables", "mail with the null sender passes without quarantine"),
        ("ransom-extensions", "mail with the null sender passes without reject"),
        ("attachment-too-big", "mail with the null sender passes without reject"),
    ]
