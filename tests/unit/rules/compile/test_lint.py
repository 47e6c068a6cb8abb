# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.unit.rules.compiling import compiled

ALWAYS = "{id: first, direction: any, when: always, do: [{tag: a}], stop: true}"


def warnings(*rules, **settings):
    text = "rules:\n" + "".join(f"- {rule}\n" for rule in rules)
    return [str(warning) for warning in compiled(text, **settings).warnings]


def test_a_sound_set_has_no_warnings():
    assert warnings(
        "{id: a, direction: inbound, when: {mail_from: x@y.example}, do: [{reject: refused}], stop: true}",
        "{id: b, direction: outbound, do: [{add_header: {name: X-A, value: b}}, {prefix_subject: '[x] '}]}",
        "{id: c, direction: inbound, when: {recipient.group: x}, do: [{tag: x}, {notify: admin}]}",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "is_reached"),
    [
        ("direction: any, when: always, do: [{tag: a}], stop: true", "direction: inbound", False),
        ("direction: inbound, when: always, do: [{tag: a}], stop: true", "direction: inbound", False),
        ("direction: inbound, do: [{tag: a}], stop: rule_set", "direction: inbound", False),
        ("direction: any, when: always, do: [reject]", "direction: inbound", False),
        ("direction: inbound, when: always, do: [{tag: a}], stop: true", "direction: [inbound, outbound]", True),
        ("direction: inbound, when: always, do: [{tag: a}]", "direction: inbound", True),
        ("direction: inbound, when: {tag: x}, do: [{tag: a}], stop: true", "direction: inbound", True),
        ("direction: any, unless: {tag: x}, do: [{tag: a}], stop: true", "direction: inbound", True),
        ("direction: any, mode: audit, do: [{tag: a}], stop: true", "direction: inbound", True),
        ("direction: any, active: {from: 2026-01-01}, do: [{tag: a}], stop: true", "direction: inbound", True),
        ("direction: any, priority: 200, do: [{tag: a}], stop: true", "direction: inbound", True),
        ("direction: any, do: [{tag: a}], stop: true", "direction: inbound, include_bounces: true", True),
        (
            "direction: any, include_bounces: true, do: [{tag: a}], stop: true",
            "direction: inbound, include_bounces: true",
            False,
        ),
    ],
)
def test_rules_that_are_never_reached(first, second, is_reached):
    found = warnings(f"{{id: first, {first}}}", f"{{id: second, {second}, do: [{{tag: b}}]}}")
    expected = ["10.yaml:3: second: is never reached: first always ends before it (see 10.yaml:2)"]
    assert found == ([] if is_reached else expected)


@pytest.mark.parametrize(
    ("rule", "action"),
    [
        ("when: {recipient.group: x}, do: [junk]", "junk"),
        ("when: {recipient.group: x}, do: [{tag: a}, {add_header: {name: X-A, value: b}}]", "add_header"),
        ("when: {recipient.group: x}, do: [{quarantine: hold}]", "quarantine"),
        ("when: {all: [{recipient.group: x}, {subject: y}]}, do: [reject]", "reject"),
        ("do: [{add_header: {name: X-A, value: '{recipient.address}'}}]", "add_header"),
    ],
)
def test_what_concerns_everybody_by_a_rule_that_looks_at_each(rule, action):
    (found,) = warnings(f"{{id: a, direction: outbound, {rule}}}")
    assert found.startswith(f"10.yaml:2: a: {action} concerns all recipients, and the rule looks at each of them")
    assert warnings(f"{{id: a, direction: outbound, whole_message: any, {rule}}}") == []


@pytest.mark.parametrize(
    "rule",
    [
        "when: {recipient.group: x}, do: [reject]",
        "when: {recipient.group: x}, do: [{quarantine: own}]",
        "when: {recipient.group: x}, recipients: all, do: [junk]",
        "when: {tag: x}, do: [junk]",
    ],
)
def test_what_can_be_done_for_one_recipient(rule):
    assert warnings(f"{{id: a, direction: outbound, {rule}}}") == []


def test_a_guard_that_bounces_pass():
    rule = "{id: a, direction: inbound, when: {attachment: {extension: js}}, do: [reject]%s}"
    (found,) = warnings(rule % "")
    assert "mail with the null sender passes without reject" in found
    assert warnings(rule % ", include_bounces: true") == []
    assert warnings(rule % ", include_bounces: false") == []
    assert warnings((rule % "").replace("inbound", "outbound")) == []


def test_changes_that_break_the_signatures_of_others():
    rule = "{id: a, direction: %s, do: [{prefix_subject: '[EXT] '}]}"
    (found,) = warnings(rule % "inbound")
    assert "prefix_subject breaks the DKIM signatures" in found
    assert "seal it with ARC" in found
    assert warnings(rule % "outbound") == []
    assert warnings(rule % "inbound", seals=True) == []


def test_a_rule_whose_time_is_over():
    rule = "{id: a, direction: any, active: {until: 2026-01-31}, do: [{tag: x}]}"
    (found,) = warnings(rule, now_s=1_800_000_000.0)
    assert "the rule will never be in force again" in found
    assert warnings(rule, now_s=1_700_000_000.0) == []
    assert warnings(rule) == []


def test_a_type_of_file_that_there_is_not_is_told():
    when = "{attachment: {true_type: [exe, scr, DOCM, executable, pdf]}}"
    (found,) = warnings(f"{{id: a, direction: outbound, when: {when}, do: [junk]}}")
    assert "when.attachment.true_type: no file is ever found to be executable" in found
