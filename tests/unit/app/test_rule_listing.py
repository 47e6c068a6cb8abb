# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.app.rule_listing import ALWAYS_LOOKED_AT, index_words, listed_rules
from postward.rules.conditions.base import IndexKeys
from tests.unit.app.rule_set_of import judge_of

RULES = """\
rules:
  - id: later
    direction: [inbound, internal]
    when: {body: {matches: 'x.*y'}}
    do: [{tag: a}, junk]
  - id: first
    direction: any
    priority: 5
    mode: audit
    when: {tag: x}
    do: [{tag: b}]
  - id: gate
    direction: inbound
    when: {client.ip: {cidr: 192.0.2.0/24}}
    do: [{reject: {text: "No"}}]
"""


def test_rules_come_in_the_order_in_which_they_are_asked(tmp_path):
    listed = list(listed_rules(judge_of(tmp_path, RULES).rule_set))
    assert [(rule.stage, rule.priority, rule.id) for rule in listed] == [
        ("rcpt", 100, "gate"),
        ("end", 5, "first"),
        ("end", 100, "later"),
    ]
    gate, first, later = listed
    assert (gate.mode, gate.on_error, gate.does, gate.where) == (
        "enforce", "defer", "reject", f"{tmp_path}/rules.yaml:12",
    )  # fmt: skip
    assert (first.mode, first.on_error, first.direction) == ("audit", "ignore", "any")
    assert (later.direction, later.does) == ("inbound, internal", "tag, junk")


def test_what_is_looked_up_before_a_rule_is_asked_is_said_in_words():
    assert index_words(None) == ALWAYS_LOOKED_AT
    keys = (IndexKeys("tag.word", frozenset({"x"})), IndexKeys("from.entry", frozenset("abcde")))
    assert index_words(keys) == "tag.word x or from a, b, c and 2 more"
