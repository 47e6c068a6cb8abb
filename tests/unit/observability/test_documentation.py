# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import postward
from postward.model.quota import QuotaExcess, QuotaSubject, QuotaUnit
from postward.model.rule_outcome import RuleMatch
from postward.observability.message_event import MessageEventSettings, message_event
from postward.observability.privacy import AddressPrivacy
from postward.observability.quota_reporting import quota_event
from postward.observability.rule_event import rule_event

PACKAGE = Path(postward.__file__).parent
DOCS = Path(__file__).parents[3] / "docs"
EVENT_CALL = re.compile(
    r"""(?:(?:log|_log)\.(?:debug|info|warning|error)|self\.(?:_message\.)?_?note)\(\s*(?:#.*\s*)?"([a-z_]+\.[a-z_]+)\""""
)


def rows(name: str) -> list[str]:
    return [line for line in (DOCS / name).read_text().splitlines() if line.startswith("| `")]


def test_each_event_in_the_sources_is_documented_and_none_that_is_not():
    used = {name for path in PACKAGE.rglob("*.py") for name in EVENT_CALL.findall(path.read_text())}
    documented = {
        name for row in rows("log-events.md") for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", row.split("|")[1])
    }
    assert used
    assert documented == used | {"library.message"}


def test_each_field_of_a_message_is_documented_in_its_order(ruled):
    event = message_event(ruled, MessageEventSettings(), outcome="evaluated", reply="accept", now_s=0.0)
    assert documented_fields("message.verdict") == list(event.fields)


def test_each_field_of_a_rule_is_documented_in_its_order(judged):
    match = RuleMatch(rule="external")
    event = rule_event(judged, match, digest="", privacy=AddressPrivacy.FULL, now_s=0.0)
    assert documented_fields("rule.matched") == list(event.fields)


def test_each_field_of_a_limit_is_documented_in_its_order(bare):
    excess = QuotaExcess(subject=QuotaSubject.LOGIN, name="", unit=QuotaUnit.CONCURRENT, limit=1, used=1)
    event = quota_event(bare, excess, AddressPrivacy.FULL, now_s=0.0)
    assert documented_fields("quota.exceeded") == list(event.fields)


def documented_fields(event: str) -> list[str]:
    section = (DOCS / "log-events.md").read_text().partition(f"## {event}\n")[2].partition("\n## ")[0]
    return [
        name
        for row in section.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])
    ]
