# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from postward.app.rule_explanation import explanation_report
from postward.app.rule_message import RuleRequest
from postward.rules.explaining import explain
from tests.unit.app.rule_set_of import judge_of, messages

RULES = """\
rules:
  - id: win
    direction: inbound
    when: {all: [{subject: {matches: 'win (?P<what>\\w+)'}}, {recipient.address: bob@example.com}]}
    do: [{tag: prize}]
"""


def test_every_condition_is_told_for_each_recipient(tmp_path):
    judge = judge_of(tmp_path, RULES)
    recipients = ("bob@example.com", "amy@example.com")
    message = messages().from_request(
        b"Subject: win gold\n\n", RuleRequest(recipients=recipients, mail_from="a@x.example")
    )
    report = explanation_report(explain(judge.rule_set.rules[0], message, judge.services))
    assert json.loads(json.dumps(report)) == report
    assert (report["id"], report["matched"], report["error"], report["mode"]) == ("win", True, "", "enforce")
    assert [asked["recipient"] for asked in report["asked"]] == list(recipients)
    direction, when = report["asked"][1]["findings"]
    assert (direction["asked"], direction["matched"], when["matched"]) == ("direction inbound", True, False)
    subject, recipient = when["children"][0]["children"]
    assert (subject["seen"], subject["captures"], subject["matched"]) == ("win gold", {"what": "gold"}, True)
    assert (recipient["seen"], recipient["matched"]) == ("amy@example.com", False)
