# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.needs import Need
from postward.rules.stage import Stage
from tests.unit.rules.compiling import finding, holds, mail, when

MESSAGE = mail("Subject: one two", "From: bob@corp.example", mail_from="bob@corp.example")
YES, NO = "{subject: {words: one}}", "{subject: {words: three}}"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("always", True),
        (f"{{all: [{YES}, {YES}]}}", True),
        (f"{{all: [{YES}, {NO}]}}", False),
        (f"{{any: [{NO}, {YES}]}}", True),
        (f"{{any: [{NO}, {NO}]}}", False),
        (f"{{none: [{NO}, {NO}]}}", True),
        (f"{{none: [{NO}, {YES}]}}", False),
        (f"{{all: [{YES}, {{none: [{NO}]}}]}}", True),
        (f"[{YES}, {NO}]", False),
        (f"[{YES}, {YES}]", True),
        (f"{{all: [{YES}], none: [{YES}]}}", False),
        ("{subject: {words: one}, from.domain: corp.example}", True),
        ("{subject: {words: one}, from.domain: other.example}", False),
        (f"{{all: [{YES}, always]}}", True),
        ("{any: {subject: {words: three}, from.domain: corp.example}}", True),
    ],
)
def test_trees(condition, expected):
    assert holds(condition, MESSAGE) is expected


def test_no_more_is_asked_than_decides():
    found = finding(when(f"{{all: [{NO}, {YES}]}}"), MESSAGE)
    assert [child.matched for child in found.children] == [False]
    found = finding(when(f"{{any: [{YES}, {NO}]}}"), MESSAGE)
    assert [child.matched for child in found.children] == [True]


def test_for_an_explanation_everything_is_asked():
    found = finding(when(f"{{all: [{NO}, {YES}]}}"), MESSAGE, is_thorough=True)
    assert [(child.matched, child.asked, child.seen) for child in found.children] == [
        (False, "subject has the words three", "one two"),
        (True, "subject has the words one", "one two"),
    ]


def test_a_tree_needs_what_its_parts_need():
    condition = when("{all: [{client.helo: x.example}, {any: [{mail_from: a@b.example}, {auth.spf: pass}]}]}").condition
    assert condition.needs == {Need.CLIENT, Need.ENVELOPE, Need.AUTH}
    assert condition.stage is Stage.END
    assert when("{all: [{client.helo: x.example}, {mail_from: a@b.example}]}").condition.stage is Stage.MAIL
    assert when("{none: [{recipient.domain: b.example}]}").condition.is_per_recipient
    assert len(list(condition.leaves())) == 3


def test_captures_come_from_what_has_held():
    message = mail("Subject: ticket 42 of bob")
    rule = when(r"{all: [{subject: {regex: 'ticket (?P<ticket>\d+)'}}, {subject: {regex: 'of (?P<who>\w+)'}}]}")
    assert finding(rule, message).captures == {"ticket": "42", "who": "bob"}
    rule = when(r"{any: [{subject: {regex: 'no (?P<a>x)'}}, {subject: {regex: 'of (?P<b>\w+)'}}]}")
    assert finding(rule, message).captures == {"b": "bob"}
    assert rule.condition.captures == {"a", "b"}
    assert when(r"{none: [{subject: {regex: '(?P<a>x)'}}]}").condition.captures == frozenset()
