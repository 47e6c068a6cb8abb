# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.rules.message.views import AuthView
from tests.unit.rules.compiling import condition_faults, holds, mail

MESSAGE = replace(
    mail("From: a@sender.example"),
    auth=AuthView(
        spf="softfail",
        spf_domain="bounce.sender.example",
        dkim="pass",
        dkim_domains=("sender.example", "esp.example"),
        dmarc="fail",
        dmarc_policy="reject",
        arc="pass",
        arc_sealer="sealer.example",
        iprev="pass",
    ),
    score=4.5,
    symbols={"SPF_SOFTFAIL": 1.0, "BAYES_99": 3.5},
    tags=frozenset({"vip", "external"}),
)
LISTS = "lists: {sealers: [sealer.example, other.example]}"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{auth.spf: softfail}", True),
        ("{auth.spf: [fail, softfail]}", True),
        ("{auth.spf: pass}", False),
        ("{auth.spf: {not_in: [pass, neutral]}}", True),
        ("{auth.spf_domain: '*.sender.example'}", True),
        ("{auth.dkim: pass}", True),
        ("{auth.dkim_domain: esp.example}", True),
        ("{auth.dkim_domain: '*.example'}", True),
        ("{auth.dkim_domain: other.example}", False),
        ("{auth.dmarc: fail}", True),
        ("{auth.dmarc_policy: reject}", True),
        ("{auth.arc: pass}", True),
        ("{auth.arc: {in: [none, fail]}}", False),
        ("{auth.arc: {pass_from: {list: sealers}}}", True),
        ("{auth.arc: {pass_from: third.example}}", False),
        ("{auth.arc_sealer: sealer.example}", True),
        ("{auth.arc_override: sealer.example}", False),
        ("{auth.iprev: pass}", True),
        ("{score: {gt: 4, le: 4.5}}", True),
        ("{score: {ge: 5}}", False),
        ("{score: {ne: 4.5}}", False),
        ("{score: {lt: 5}}", True),
        ("{symbol: BAYES_99}", True),
        ("{symbol: {starts_with: spf_}}", True),
        ("{symbol: {not_in: [BAYES_99]}}", False),
        ("{tag: vip}", True),
        ("{tag: {not_in: [vip]}}", False),
        ("{tag: {exists: true}}", True),
        ("{tenant: acme}", False),
    ],
)
def test_results(condition, expected):
    assert holds(condition, MESSAGE, extra=LISTS) is expected


def test_a_failure_that_may_pass_is_no_failure():
    message = replace(MESSAGE, auth=AuthView(dmarc="temperror", dmarc_policy="reject"))
    assert not holds("{auth.dmarc: fail}", message)
    assert not holds("{auth.spf: {in: [none, fail]}}", message)


def test_a_chain_that_does_not_pass_has_no_sealer():
    message = replace(MESSAGE, auth=AuthView(arc="fail"))
    assert not holds("{auth.arc: {pass_from: {list: sealers}}}", message, extra=LISTS)


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (
            "{auth.dmarc: failed}",
            ("auth.dmarc: must be one of none, pass, fail, temperror, permerror (did you mean fail?)"),
        ),
        (
            "{auth.dmarc: {in: [fail, no]}}",
            (
                "auth.dmarc.in[1]: must be text (put it in quotes: without them yes, no, on, off, true and"
                " false are no text)"
            ),
        ),
        ("{auth.arc: {pass_from: sealer.example, in: [pass]}}", "auth.arc: pass_from stands alone"),
        ("{auth.dmrc: fail}", "auth.dmrc: unknown condition (did you mean auth.dmarc?)"),
        ("{score: {gt: high}}", "score.gt: must be a number"),
        ("{score: {}}", "score: compares nothing (known here: gt, ge, lt, le, eq, ne)"),
        ("{score: {above: 5}}", "score.above: unknown key (known here: gt, ge, lt, le, eq, ne)"),
    ],
)
def test_faults(condition, fault):
    assert condition_faults(condition) == [fault]
