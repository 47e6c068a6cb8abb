# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.model.rule_action import AddHeader, Notify
from postward.model.rule_outcome import RuleMatch
from postward.observability.event import Level, LineLimits
from postward.observability.json_line import format_json
from postward.observability.logfmt import format_logfmt
from postward.observability.privacy import AddressPrivacy
from postward.observability.rule_event import rule_event

NOW_S = 1_700_000_000.5


def describe(transaction, match, privacy=AddressPrivacy.FULL):
    return rule_event(transaction, match, digest="0123456789abcdef", privacy=privacy, now_s=NOW_S)


def test_one_line_tells_what_a_rule_saw_and_did(ruled):
    assert format_logfmt(describe(ruled, ruled.rules.matches[0]), LineLimits()) == (
        "ts=2023-11-14T22:13:20.500Z level=info event=rule.matched id=18c.2a.1 qid=4ZxYab12cd"
        " rule=external mode=enforce severity=low digest=0123456789abcdef rcpts=2 rcpt=r0@example.net,r1@example.net"
        ' seen="from.domain is example.com: example.com,subject contains win: joe@example.com\\\\x2c you win"'
        ' actions="tag name=outside,redirect address=abuse@example.net recipients=r0@example.net"'
        ' refused="prefix_subject text=[EXT] : the message of joe@example.com is signed" ms=1.5'
    )


def test_a_rule_that_failed_is_a_warning_and_says_why(ruled):
    event = describe(ruled, ruled.rules.matches[2])
    assert (event.level, event.fields["error"]) == (Level.WARNING, "the directory does not answer")
    assert (event.fields["actions"], event.fields["seen"], event.fields["rcpt"]) == (None, None, None)


def test_what_would_have_been_done_is_told_of_a_rule_that_is_only_audited(ruled):
    fields = describe(ruled, ruled.rules.matches[1]).fields
    assert (fields["mode"], fields["actions"]) == ("audit", ["reject code=550 enhanced=5.7.1 text=Go away"])


@pytest.mark.parametrize(
    ("privacy", "recipients", "redirected"),
    [
        (AddressPrivacy.DOMAIN, ["@example.net", "@example.net"], "address=@example.net recipients=@example.net"),
        (AddressPrivacy.NONE, None, "address=… recipients=…"),
    ],
)
def test_addresses_are_reduced_everywhere(ruled, privacy, recipients, redirected):
    event = describe(ruled, ruled.rules.matches[0], privacy)
    assert event.fields["rcpt"] == recipients
    assert event.fields["actions"][1] == f"redirect {redirected}"
    line = format_logfmt(event, LineLimits())
    assert not any(name in line for name in ("joe", "r0", "abuse"))


def test_words_that_stand_for_an_address_are_shown(ruled):
    match = RuleMatch(rule="x", taken=(Notify(to=("sender", "admin", "joe@example.com")),))
    assert describe(ruled, match, AddressPrivacy.DOMAIN).fields["actions"] == ["notify to=sender,admin,@example.com"]


@pytest.mark.parametrize("write", [format_logfmt, format_json])
def test_text_from_outside_stays_on_its_line_and_within_bounds(ruled, write):
    hostile = "\r\nx=y \u2028\u202e\x1b[2J\udcff" + "z" * 100_000
    match = replace(
        ruled.rules.matches[0],
        recipients=tuple(f"{hostile}{number}" for number in range(1000)),
        seen=((hostile, hostile),) * 1000,
        taken=tuple(AddHeader(name="X-A", value=f"{hostile}{number}") for number in range(1000)),
    )
    line = write(describe(ruled, match), LineLimits())
    assert line.isprintable()
    assert len(line.encode()) < 4096
    assert "truncated" in line
    assert '"rule":"external"' in line or " rule=external " in line
