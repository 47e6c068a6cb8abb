# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.rules.given_reputation import given_reputation
from postward.rules.message.reputation_view import IdentityView
from postward.rules.stage import Stage
from tests.unit.rules.compiling import compiled, condition_faults, faults, finding, holds, mail, rule_of, when

WORDS = "ip, net, asn, helo, spf, dkim, from, org, pair, login, tenant, outgoing, network, domain, sender, any"
NUMBERS = "bad_percent, surely_bad_percent, confidence, messages, grave"
SILENT = mail("From: a@sender.example")
KNOWN = replace(
    SILENT,
    reputation=given_reputation(
        {
            "ip": {"bad_percent": 40, "surely_bad_percent": 22, "confidence": 0.9, "messages": 300, "grave": 1.5},
            "net": {"bad_percent": 12, "surely_bad_percent": 8, "confidence": 0.4, "messages": 9},
            "dkim": {"bad_percent": 2, "messages": 50},
            "spf": {"bad_percent": 90, "messages": 50},
        }
    ),
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{reputation: {of: ip, surely_bad_percent: {gt: 20}}}", True),
        ("{reputation: {of: ip, surely_bad_percent: {gt: 22}}}", False),
        ("{reputation: {of: ip, bad_percent: {gt: 20}, confidence: {ge: 0.9}}}", True),
        ("{reputation: {of: network, bad_percent: {gt: 20}, confidence: {ge: 0.9}}}", False),
        ("{reputation: {of: network, messages: {lt: 10}}}", True),
        ("{reputation: {of: net, messages: {lt: 9}}}", False),
        ("{reputation: {of: ip, messages: 300}}", True),
        ("{reputation: {grave: {ge: 1}}}", True),
        ("{reputation: {of: network, grave: {ge: 1}}}", False),
        ("{reputation: {of: domain, bad_percent: {lt: 5}}}", True),
        ("{reputation: {of: spf, bad_percent: {lt: 5}}}", False),
        ("{reputation: {of: any, surely_bad_percent: {ge: 90}}}", True),
        ("{reputation: {surely_bad_percent: {ge: 90}}}", True),
        ("{reputation: {of: [ip, network], messages: {lt: 10}}}", True),
        ("{reputation: {of: [ip, domain], messages: {lt: 10}}}", False),
        ("{reputation: {of: helo, messages: {ge: 0}}}", False),
        ("{reputation: {of: sender, messages: {ge: 0}}}", False),
        ("{reputation.known: true}", True),
        ("{reputation.known: false}", False),
        ("{correspondent: true}", False),
        ("{correspondent: false}", True),
    ],
)
def test_what_is_known(condition, expected):
    assert holds(condition, KNOWN) is expected


def test_all_that_is_asked_is_asked_of_the_same_one():
    assert not holds("{reputation: {of: [ip, network], surely_bad_percent: {gt: 20}, messages: {lt: 10}}}", KNOWN)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{reputation: {messages: {ge: 0}}}", False),
        ("{reputation: {messages: {lt: 1}}}", False),
        ("{correspondent: true}", False),
        ("{correspondent: false}", False),
        ("{reputation.known: true}", False),
        ("{reputation.known: false}", True),
        ("{none: [{reputation: {messages: {ge: 0}}}]}", True),
        ("{all: [{reputation.known: true}, {none: [{correspondent: true}]}]}", False),
    ],
)
def test_nothing_holds_of_what_the_store_does_not_tell_but_that_it_does_not(condition, expected):
    assert holds(condition, SILENT) is expected


def test_a_correspondent():
    assert holds("{correspondent: true}", replace(SILENT, reputation=given_reputation({}, is_correspondent=True)))


def test_what_was_seen_is_told_by_kinds_and_never_by_names():
    told = finding(when("{reputation: {of: ip, messages: {ge: 100}}}"), KNOWN)
    assert told.asked == "reputation of ip: messages ge 100"
    assert told.seen == "ip: 40.0 % bad, surely 22.0 %, confidence 0.90, 300 messages, 1.5 grave"
    hostile = IdentityView(kind="helo", name="\x1b[31mhelo.example", messages=3)
    message = replace(KNOWN, reputation=replace(KNOWN.reputation, identities={"helo": hostile}))
    assert "example" not in finding(when("{reputation: {messages: {ge: 1}}}"), message).seen
    assert finding(when("{reputation: {messages: {ge: 1}}}"), SILENT).seen.startswith("the reputation store")


def test_a_rule_about_it_cannot_answer_recipients():
    body = "direction: any\nwhen: {correspondent: false}\ndo: [{reject: Sorry}]\n"
    assert rule_of(body).stage is Stage.END
    (fault,) = faults(f"rules: [{{id: one, stage: rcpt, {', '.join(body.splitlines())}}}]")
    assert "it asks for reputation, which is known later" in fault


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("{reputation: {}}", "reputation: asks nothing (write {of: network, surely_bad_percent: {gt: 20}})"),
        ("{reputation: {of: ip}}", "reputation: asks nothing (write {of: network, surely_bad_percent: {gt: 20}})"),
        ("{reputation: {of: [], messages: 1}}", "reputation.of: names nobody"),
        ("{reputation: {of: netwrk, messages: 1}}", f"reputation.of: must be one of {WORDS} (did you mean network?)"),
        ("{reputation: {bad_percent: 101}}", "reputation.bad_percent: must be compared with a number from 0 to 100"),
        ("{reputation: {confidence: 2}}", "reputation.confidence: must be compared with a number from 0 to 1"),
        ("{reputation: {bad: 2}}", f"reputation.bad: unknown key (known here: of, {NUMBERS})"),
        ("{correspondent: maybe}", "correspondent: must be true or false"),
    ],
)  # fmt: skip
def test_faults(condition, fault):
    assert condition_faults(condition) == [fault]


@pytest.mark.parametrize(
    ("tests", "is_warned"),
    [
        ("{bad_percent: {gt: 20}}", True),
        ("{bad_percent: {gt: 20}, confidence: {ge: 0.5}}", False),
        ("{bad_percent: {gt: 20}, messages: {ge: 50}}", False),
        ("{bad_percent: {lt: 20}}", False),
        ("{surely_bad_percent: {gt: 20}}", False),
    ],
)
def test_a_guess_about_strangers_is_warned_of(tests, is_warned):
    text = f"rules: [{{id: one, direction: any, when: {{reputation: {tests}}}, do: [{{tag: x}}]}}]"
    warnings = [str(warning) for warning in compiled(text).warnings]
    assert any("is a guess" in warning for warning in warnings) is is_warned
