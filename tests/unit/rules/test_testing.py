# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.compile.load import load_rule_paths
from postward.rules.errors import PluginFailure
from postward.rules.testing import run_tests

NOW_S = 1_795_000_000.0
RULE = """\
rules:
  - id: prizes
    direction: inbound
    MORE
    when: {all: [{subject: {contains: win}}, {auth.dmarc: fail}]}
    do: [{tag: prize}, {reject: {text: "No prizes, please"}}]
    tests:
      - name: one
        message: |
          From: joe@example.org
          Subject: You win

          body
        recipients: [a@example.com, b@example.com]
        auth: {dmarc: fail}
        expect: {EXPECT}
"""
AT_RECIPIENT = """\
rules:
  - id: closed
    direction: inbound
    when: {recipient.address: ceo@example.com}
    do: [{reject: {text: "Closed"}}]
    tests:
      - message: "From: joe@example.org"
        recipients: [ceo@example.com, bob@example.com]
        expect: {EXPECT}
"""

KNOWN_SENDERS = """\
rules:
  - id: strangers
    direction: inbound
    when: {reputation.known: true, reputation: {of: network, surely_bad_percent: {gt: 20}}}
    unless: {correspondent: true}
    do: [{tag: stranger}]
    tests:
      - message: "From: joe@example.org"
        MORE
        expect: {EXPECT}
"""


class Raising:
    """A plugin runner whose every plugin fails."""

    def run(self, name, message, settings, *, timeout_s, services):
        raise PluginFailure(f"plugin {name} has crashed")


@pytest.fixture
def problems(tmp_path):
    def run(text: str, expect: str, more: str = "enabled: true") -> tuple[str, ...]:
        path = tmp_path / "rules.yaml"
        path.write_text(text.replace("EXPECT", expect).replace("MORE", more))
        rule_set = load_rule_paths([path])
        (outcome,) = run_tests(rule_set.rules, Raising(), clock=lambda: NOW_S)
        return outcome.problems

    return run


@pytest.mark.parametrize(
    "expect",
    [
        "matches: true",
        "matches: true, recipients: [b@example.com, a@example.com]",
        "actions: [tag, reject]",
        "reply: 550 5.7.1 No prizes",
        "reply: '550'",
    ],
)
def test_what_is_as_expected_passes(problems, expect):
    assert problems(RULE, expect) == ()


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ("matches: false", "it matches ("),
        ("recipients: a@example.com", "it matches for a@example.com, b@example.com, and not for a@example.com"),
        (
            "actions: [tag]",
            "it does tag name=prize, reject code=550 enhanced=5.7.1 text=No prizes, please, and not tag",
        ),
        ("actions: [reject, tag]", "it does tag name=prize, reject"),
        ("reply: '451'", "the answer is 550 5.7.1 No prizes, please, and not 451"),
    ],
)
def test_what_is_not_as_expected_is_said(problems, expect, problem):
    (found,) = problems(RULE, expect)
    assert found.startswith(problem)


def test_a_rule_that_does_not_match_is_said_and_so_is_its_missing_answer(problems):
    found = problems(
        RULE.replace("dmarc: fail}\n        expect", "dmarc: pass}\n        expect"), "matches: true, reply: '550'"
    )
    assert found == ("it does not match", "the answer is that the message is taken, and not 550")


def test_a_rule_in_audit_mode_and_out_of_season_is_tested_as_if_it_were_in_force(problems):
    assert problems(RULE, "matches: true, reply: '550'", "mode: audit") == ()
    assert problems(RULE, "matches: true", "active: {until: 2020-01-01, tz: UTC}") == ()


def test_a_test_that_says_when_it_is_has_the_dates_count(problems):
    dated = RULE.replace("        auth:", "        at: 2026-11-24\n        auth:")
    assert problems(dated, "matches: false", "active: {until: 2020-01-01, tz: UTC}") == ()
    assert problems(dated, "matches: true", "active: {from: 2026-11-01, tz: UTC}") == ()


def test_a_rule_that_answers_recipients_is_asked_for_each_of_them(problems):
    assert problems(AT_RECIPIENT, "recipients: ceo@example.com, reply: 550 5.7.1 Closed, actions: [reject]") == ()
    assert problems(AT_RECIPIENT, "recipients: bob@example.com") == (
        "it matches for ceo@example.com, and not for bob@example.com",
    )


def test_a_bounce_is_one_only_where_the_test_says_so(problems):
    bounce = AT_RECIPIENT.replace('      - message: "From', '      - mail_from: ""\n        message: "From')
    assert problems(bounce, "matches: false") == ()


def test_a_message_may_lie_in_a_file_beside_the_rules(problems, tmp_path):
    (tmp_path / "a.eml").write_bytes(b"From: joe@example.org\r\nSubject: you win\r\n\r\nbody\r\n")
    start, end = RULE.index("        message:"), RULE.index("        recipients:")
    text = RULE[:start] + "        eml: a.eml\n" + RULE[end:]
    assert problems(text, "matches: true") == ()
    path = tmp_path / "rules.yaml"
    rules = load_rule_paths([path]).rules
    (tmp_path / "a.eml").unlink()
    (outcome,) = run_tests(rules, Raising())
    assert outcome.problems == (f"{tmp_path / 'a.eml'}: No such file or directory",)


def test_groups_and_hosted_domains_of_a_test_stand_for_the_directory(problems):
    text = """\
rules:
  - id: trainees
    direction: outbound
    when: {sender.group: trainees}
    do: [{tag: trainee}]
    tests:
      - message: "From: tom@example.com"
        user: tom@example.com
        hosted: example.com
        groups: {tom@example.com: trainees}
        recipients: [x@example.org, y@example.com]
        expect: {EXPECT}
"""
    assert problems(text, "matches: true, recipients: x@example.org") == ()


@pytest.mark.parametrize(
    ("reputation", "matches"),
    [
        ("{network: {bad_percent: 40}}", True),
        ("{network: {bad_percent: 40, surely_bad_percent: 5}}", False),
        ("{network: {bad_percent: 40}, correspondent: true}", False),
        ("{correspondent: false}", False),
    ],
)
def test_what_is_known_of_the_sender_is_given_with_the_test(problems, reputation, matches):
    assert not problems(KNOWN_SENDERS, f"matches: {str(matches).lower()}", f"reputation: {reputation}")


def test_without_it_nothing_is_known(problems):
    assert not problems(KNOWN_SENDERS, "matches: false", "score: 0")
