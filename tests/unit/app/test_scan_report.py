# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``postward scan --json`` says of a plan."""

from __future__ import annotations

import base64

import pytest

from postward.app.scan_report import scan_report
from postward.model.action import AddHeader, HeaderChange, Hold, Plan, RemoveHeader
from postward.model.origin import Direction
from postward.model.verdict import Decision, Verdict
from tests.unit.pipeline.passing import RAW, examination

CHANGE = HeaderChange(name=b"Subject", occurrence=1, position=3, value=b"[EXT] The minutes")


def report(plan):
    transaction = examination(direction=Direction.INBOUND).transaction
    transaction.decision = Decision(verdict=Verdict.HAM, reason="r")
    transaction.plan = plan
    return scan_report(transaction, None)


def test_the_actions_stand_in_the_order_in_which_they_are_carried_out():
    plan = Plan(
        changes=(CHANGE,),
        removals=(RemoveHeader(name=b"Date", occurrence=1, position=4),),
        additions=(AddHeader(name="X-Tag", value=b"t"),),
        new_body=b"short\r\n",
        hold=Hold(reason="why"),
        new_sender="",
        new_recipients=("a@example.com",),
        silent_recipients=("b@example.com",),
        dropped_recipients=("bob@example.com",),
    )
    assert report(plan)["actions"] == [
        {"type": "change_header", "name": "Subject", "occurrence": 1, "value": "[EXT] The minutes"},
        {"type": "remove_header", "name": "Date", "occurrence": 1, "value": "Mon, 21 Sep 2026 12:00:00 +0000"},
        {"type": "add_header", "name": "X-Tag", "value": "t"},
        {"type": "replace_body", "size": 7},
        {"type": "quarantine", "reason": "why"},
        {"type": "change_sender", "address": ""},
        {"type": "add_recipient", "address": "a@example.com"},
        {"type": "add_recipient", "address": "b@example.com", "notify": "never"},
        {"type": "remove_recipient", "address": "bob@example.com"},
    ]


def test_a_message_that_is_discarded():
    assert report(Plan(discards=True))["actions"] == [{"type": "discard"}]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (Plan(changes=(CHANGE,)), RAW.replace(b"Subject: ", b"Subject: [EXT] ")),
        (Plan(new_body=b""), RAW[: RAW.index(b"\r\n\r\n")] + b"\r\n\r\n\r\n"),
        (Plan(additions=(AddHeader(name="X-Tag", value=b"t"),)), None),
    ],
)
def test_the_message_is_told_where_something_of_it_is_changed(plan, expected):
    told = report(plan)["modified_message"]
    assert (None if told is None else base64.b64decode(told)) == expected
