# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.app.rule_report import rule_report
from postward.model.rule_action import PrefixSubject, Tag
from postward.model.rule_outcome import RefusedAction, RuleMatch, RuleMode


def test_a_rule_that_matched_is_told_with_what_it_saw_and_did():
    match = RuleMatch(
        rule="external",
        mode=RuleMode.AUDIT,
        severity="low",
        recipients=("a@example.net",),
        seen=(("direction", "inbound"),),
        taken=(Tag(name="outside"),),
        refused=(RefusedAction(action=PrefixSubject(text="[EXT] "), reason="it is signed"),),
    )
    assert rule_report(match) == {
        "id": "external",
        "matched": True,
        "mode": "audit",
        "severity": "low",
        "recipients": ["a@example.net"],
        "seen": [{"asked": "direction", "seen": "inbound"}],
        "actions": [{"type": "tag", "name": "outside"}],
        "refused": [{"action": {"type": "prefix_subject", "text": "[EXT] "}, "reason": "it is signed"}],
        "error": "",
    }


def test_a_rule_that_failed_did_not_match():
    report = rule_report(RuleMatch(rule="x", error="no answer"))
    assert (report["matched"], report["error"]) == (False, "no answer")
