# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.errors import DirectoryUnavailable
from postward.rules.compile.load import load_rule_paths
from postward.rules.counted_here import CountedHere
from postward.rules.explaining import explain
from postward.rules.given_results import given_results
from postward.rules.message.stored import message_from
from postward.rules.services import RuleServices

MESSAGE = b"From: joe@example.org\r\nSubject: You win a prize\r\n\r\nbody\r\n"
RULE = """\
rules:
  - id: prizes
    direction: inbound
    when: {any: [{subject: {matches: '(?i)win a (?P<what>\\w+)'}}, {subject: {contains: lottery}}]}
    unless: {all: [{auth.dmarc: pass}, {from.domain: example.org}]}
    do: [{tag: prize}]
"""
EACH = """\
rules:
  - id: each
    direction: inbound
    when: {recipient.group: staff}
    do: [{tag: staff}]
"""


class Unavailable:
    """A directory that does not answer."""

    def __getattr__(self, _name):
        def ask(*_arguments):
            raise DirectoryUnavailable("the directory does not answer")

        return ask


@pytest.fixture
def asked(tmp_path):
    def ask(text: str, *, mail_from="joe@example.org", recipients=("a@example.com",), auth=(), directory=None, **rule):
        path = tmp_path / "rules.yaml"
        path.write_text(text)
        (compiled,) = load_rule_paths([path]).rules
        message = message_from(MESSAGE, mail_from=mail_from, recipients=recipients, directory=directory)
        message = replace(message, auth=given_results(dict(auth)))
        services = RuleServices(directory=message.directory, rates=CountedHere())
        return explain(replace(compiled, **rule), message, services)

    return ask


def tree(finding):
    """Asked, whether it holds, and the same of what is below."""
    return (finding.asked, finding.matched, *(tree(child) for child in finding.children))


def test_every_condition_is_asked_though_the_first_has_decided(asked):
    found = asked(RULE)
    assert (found.matched, found.error) == (True, "")
    (answered,) = found.answered
    direction, when, unless = answered.findings
    assert (direction.asked, direction.seen, direction.matched) == ("direction inbound", "inbound", True)
    (tried,) = when.children
    first, second = tried.children
    assert (when.asked, tried.asked, first.matched, second.matched) == ("when", "any", True, False)
    assert (first.seen, first.captures) == ("You win a prize", {"what": "prize"})
    assert (unless.asked, unless.matched) == ("unless", True)
    assert [child.matched for child in unless.children[0].children] == [False, True]


def test_an_exception_that_holds_is_why_a_rule_does_not_match(asked):
    found = asked(RULE, auth={"dmarc": "pass"}.items())
    assert found.matched is False
    assert [finding.matched for finding in found.answered[0].findings] == [True, True, False]


def test_a_rule_for_another_direction_is_not_asked_further(asked):
    found = asked(RULE, directions=frozenset({"outbound"}))
    assert found.matched is False
    assert [tree(finding) for finding in found.answered[0].findings] == [("direction outbound", False)]


def test_a_rule_that_leaves_bounces_alone_says_so(asked):
    found = asked(RULE, mail_from="")
    assert [(finding.asked, finding.matched) for finding in found.answered[0].findings] == [("include_bounces", False)]
    assert asked(RULE, mail_from="", include_bounces=True).matched


def test_each_recipient_is_explained_by_itself(asked):
    found = asked(EACH, recipients=("a@example.com", "b@example.com"))
    assert [answered.recipient for answered in found.answered] == ["a@example.com", "b@example.com"]
    assert found.matched is False


def test_what_cannot_be_found_out_is_said_and_raises_nothing(asked):
    found = asked(EACH, directory=Unavailable())
    assert found.matched is False
    assert found.error == found.answered[0].error == "the directory does not answer"
