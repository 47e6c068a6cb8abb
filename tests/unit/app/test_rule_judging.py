# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

from postward.app.rule_judging import effects
from postward.app.rule_message import RuleRequest
from tests.unit.app.rule_set_of import judge_of, messages

RULES = """\
rules:
  - id: closed
    direction: inbound
    when: {recipient.address: ceo@example.com}
    do: [{reject: {text: "Closed"}}]
  - id: win
    direction: any
    when: {subject: {contains: win}}
    do: [{tag: prize}, {add_header: {name: X-Prize, value: "yes"}}]
  - id: staff
    direction: any
    when: {recipient.address: staff@example.com}
    do: [{redirect: all@example.com}]
  - id: trial
    direction: any
    mode: audit
    when: {subject: {contains: win}}
    do: [{reject: {text: "Trial"}}]
"""
MESSAGE = b"From: joe@example.org\nSubject: you win\n\nbody\n"


def judged(tmp_path, *recipients, rules=RULES, **request):
    message = messages().from_request(MESSAGE, RuleRequest(recipients=recipients, **request))
    judgement = judge_of(tmp_path, rules).judge(message)
    return judgement, effects(judgement, message)


def test_recipients_are_answered_before_the_message_is_looked_at(tmp_path):
    judgement, done = judged(tmp_path, "ceo@example.com", "bob@example.com")
    assert {address: reply.code for address, reply in judgement.refused.items()} == {"ceo@example.com": 550}
    assert [match.rule for match in judgement.matches] == ["closed", "win", "trial"]
    assert done == (
        "refuse the recipient ceo@example.com: 550 5.7.1 Closed",
        "tag name=prize for bob@example.com",
        "add_header name=X-Prize value=yes for bob@example.com",
    )


def test_where_no_recipient_is_left_nothing_more_is_asked(tmp_path):
    judgement, done = judged(tmp_path, "ceo@example.com")
    assert judgement.outcome is None
    assert done == ("refuse the recipient ceo@example.com: 550 5.7.1 Closed",)


def test_what_is_done_for_some_recipients_names_them(tmp_path):
    _, done = judged(tmp_path, "staff@example.com", "bob@example.com")
    assert "redirect address=all@example.com for staff@example.com" in done
    assert "tag name=prize" in done


def test_a_refused_message_is_refused_and_nothing_else(tmp_path):
    _, done = judged(tmp_path, "bob@example.com", rules=RULES.replace("mode: audit", "mode: enforce"))
    assert done == ("refuse the message: 550 5.7.1 Trial",)


def test_mail_of_this_host_is_answered_at_its_end_alone(tmp_path):
    rules = RULES.replace("direction: inbound", "direction: local")
    judgement, done = judged(tmp_path, "ceo@example.com", rules=rules, address=ip_address("127.0.0.1"))
    assert (judgement.refused, done) == ({}, ("refuse the message: 550 5.7.1 Closed",))
