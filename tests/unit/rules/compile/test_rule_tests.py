# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from postward.rules.compile.load import load_rules
from postward.rules.given_reputation import given_reputation
from tests.unit.rules.compiling import faults, rule_of

HEAD = "direction: any\ndo: [{tag: x}]\ntests:"


def test_a_whole_test():
    (test,) = rule_of(f"""{HEAD}
- name: the usual
  message: |
    Subject: x

    body
  mail_from: a@b.example
  recipients: [c@d.example]
  ip: 2001:db8::1
  helo: mx.b.example
  user: c
  at: 2026-11-24T10:00
  auth: {{dmarc: fail, dmarc_policy: reject}}
  reputation: {{network: {{bad_percent: 40, messages: 100}}, correspondent: true}}
  score: 4.5
  tags: [vip]
  groups: {{C@d.example: [staff]}}
  hosted: [d.example]
  expect: {{matches: true, recipients: [c@d.example], actions: [tag], reply: "550 5.7.1"}}
""").tests
    assert (test.where, test.name) == ("10.yaml:7", "the usual")
    assert test.message == "Subject: x\n\nbody\n"
    assert (test.mail_from, test.recipients, test.ip, test.helo, test.user) == (
        "a@b.example", ("c@d.example",), "2001:db8::1", "mx.b.example", "c",
    )  # fmt: skip
    assert test.at_s == datetime(2026, 11, 24, 10, tzinfo=UTC).timestamp()
    assert test.auth == {"dmarc": "fail", "dmarc_policy": "reject"}
    assert test.reputation == given_reputation({"net": {"bad_percent": 40, "messages": 100}}, is_correspondent=True)
    assert (test.score, test.tags, test.hosted) == (4.5, {"vip"}, ("d.example",))
    assert test.groups == {"c@d.example": ("staff",)}
    assert (test.matches, test.for_recipients, test.actions, test.reply) == (
        True, ("c@d.example",), ("tag",), "550 5.7.1",
    )  # fmt: skip


def test_a_message_may_be_a_file_beside_the_rules(tmp_path):
    (tmp_path / "mail.eml").write_text("Subject: x\n\n")
    (tmp_path / "a.yaml").write_text(
        "rules: [{id: a, direction: any, do: [{tag: x}], tests: [{eml: mail.eml, expect: {matches: true}}]}]"
    )
    (test,) = load_rules(tmp_path).rules[0].tests
    assert test.eml == tmp_path / "mail.eml"
    assert (test.name, test.actions, test.for_recipients) == ("a 1", None, None)


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ("{expect: {matches: true}}", "needs one message (write eml: PATH, or message: with the text of one below it)"),
        (
            "{message: x, eml: y, expect: {matches: true}}",
            "needs one message (write eml: PATH, or message: with the text of one below it)",
        ),
        ("{message: x}", "expects nothing (write expect: {matches: true})"),
        ("{message: x, expect: {}}", "expect: expects nothing (write {matches: true})"),
        ("{message: x, expect: {match: true}}", "expect.match: unknown key (did you mean matches?)"),
        (
            "{eml: absent.eml, expect: {matches: true}}",
            "eml: there is no such file (the path goes from the folder of the rule file)",
        ),
        ("{message: x, ip: here, expect: {matches: true}}", "ip: is no IP address"),
        ("{message: x, expect: {actions: [tga]}}", "expect.actions[0]: must be one of reject, defer"),
        ("{message: x, at: noon, expect: {matches: true}}", "at: is no date (write 2026-12-01, or 2026-12-01T08:00)"),
        (
            "{message: x, auth: {spf: fial}, expect: {matches: true}}",
            "auth.spf: must be one of none, neutral, pass, fail, softfail, temperror, permerror (did you mean fail?)",
        ),
        (
            "{message: x, reputation: {ip: {bad_percent: 200}}, expect: {matches: true}}",
            "reputation.ip.bad_percent: must be from 0 to 100",
        ),
        (
            "{message: x, reputation: {correspondnt: true, ip: {}}, expect: {matches: true}}",
            "reputation.correspondnt: unknown key (did you mean correspondent?)",
        ),
        ("{message: x, auth: {dmrac: fail}, expect: {matches: true}}", "auth.dmrac: unknown key (did you mean dmarc?)"),
    ],
)
def test_faults(test, fault):
    (found,) = faults(f"rules:\n- {{id: one, direction: any, do: [{{tag: x}}], tests: [{test}]}}")
    assert found.partition("rules[0].tests[0]")[2].lstrip(".: ").startswith(fault)
