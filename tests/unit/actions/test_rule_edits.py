# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.actions.plan import FLOODED
from postward.actions.rule_edits import with_rule_edits
from postward.model.action import AddHeader, HeaderChange, Plan, RemoveHeader, Reply
from postward.model.header import HeaderField, Headers
from postward.model.rule_outcome import RuleResult

HEADERS = Headers([HeaderField(b"X-A", b" 1"), HeaderField(b"From", b" a"), HeaderField(b"x-a", b" 2")])


def test_removals_are_numbered_by_name_and_stand_in_order():
    ours = RemoveHeader(name=b"From", occurrence=1, position=1)
    plan = with_rule_edits(Plan(removals=(ours,)), RuleResult(removed_positions=(0, 2)), HEADERS)
    assert [(each.name, each.occurrence, each.position) for each in plan.removals] == [
        (b"X-A", 1, 0),
        (b"From", 1, 1),
        (b"x-a", 2, 2),
    ]


def test_what_is_removed_already_is_neither_removed_again_nor_changed():
    ours = RemoveHeader(name=b"X-A", occurrence=1, position=0)
    change = HeaderChange(name=b"X-A", occurrence=1, position=0, value=b"3")
    plan = with_rule_edits(Plan(removals=(ours,)), RuleResult(removed_positions=(0,), changed=(change,)), HEADERS)
    assert plan.removals == (ours,)
    assert plan.changes == ()


def test_everything_comes_into_the_plan():
    result = RuleResult(
        added=(AddHeader(name="X-B", value=b"1", at_bottom=True),),
        new_sender="",
        new_recipients=("b@c.example",),
        silent_recipients=("d@e.example",),
        dropped_recipients=("f@g.example",),
        new_body=b"x\r\n",
        discards=True,
    )
    plan = with_rule_edits(Plan(), result, HEADERS)
    assert (plan.additions, plan.new_sender, plan.new_recipients) == (result.added, "", ("b@c.example",))
    assert (plan.silent_recipients, plan.dropped_recipients) == (("d@e.example",), ("f@g.example",))
    assert (plan.new_body, plan.discards) == (b"x\r\n", True)


def test_a_refused_message_is_not_changed():
    refused = Plan(reply=Reply(code=550, enhanced="5.7.1", text="no"))
    assert with_rule_edits(refused, RuleResult(removed_positions=(0,)), HEADERS) is refused


def test_more_removals_than_an_mta_bears_are_a_flood():
    many = Headers([HeaderField(b"X-A", b" 1")] * 6_001)
    assert with_rule_edits(Plan(), RuleResult(removed_positions=tuple(range(6_001))), many).reply is FLOODED
