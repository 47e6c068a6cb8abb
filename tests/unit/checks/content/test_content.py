# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.checks.content.content import ContentCheckRunner
from postward.checks.content.content_check import About, ContentCheck
from postward.checks.content.letter import ContentBounds
from postward.checks.examination import Examination
from postward.dns.zone import ZoneLookup
from postward.mime.stored_message import take_message
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.origin import Direction, Origin
from postward.model.symbol import Finding, SymbolDefinition
from postward.model.transaction import Transaction


def check(name, work=None):
    symbol = SymbolDefinition(name=name.upper(), score=0.1, group="body", meaning="it is there")
    return ContentCheck(name=name, symbols=(symbol,), find=work or (lambda _letter: [Finding(name.upper())]))


def failing(_letter):
    yield Finding("HALF")
    raise RuntimeError("a defect")


def facts_after(header_checks, body_checks, content=b"Subject: x\r\n\r\nhello\r\n", **bounds):
    transaction = Transaction("t", started_s=0.0)
    transaction.sender = Sender(address=EnvelopeAddress("a@example.com"))
    transaction.origin = Origin(direction=Direction.INBOUND, reason="", client=None, helo="")
    take_message(transaction, content)
    runner = ContentCheckRunner(header_checks, body_checks, lambda: None, ContentBounds(**bounds))
    runner.run(Examination(transaction, ZoneLookup({}), 0.0))
    return transaction.facts


def test_all_findings_stand_in_the_order_of_the_checks():
    facts = facts_after([check("one"), check("two")], [check("three")])
    assert [finding.name for finding in facts.findings["content"]] == ["ONE", "TWO", "THREE"]
    assert facts.not_checked == {}


def test_a_message_in_which_nothing_is_found_has_been_checked():
    facts = facts_after([check("one", lambda _letter: ())], [])
    assert facts.findings == {"content": ()}


def test_one_that_fails_costs_none_of_the_others(caplog):
    facts = facts_after([check("one"), check("broken", failing)], [check("worse", failing), check("last")])
    names = [finding.name for finding in facts.findings["content"]]
    assert (names[0], names[-1]) == ("ONE", "LAST")
    assert facts.not_checked == {"content.broken": "internal error", "content.worse": "internal error"}
    assert "check content.broken failed on message t: RuntimeError" in caplog.text


@pytest.mark.parametrize(("size", "is_looked_into"), [(10, True), (11, False)])
def test_a_body_that_is_too_large_is_not_looked_into_and_says_so(size, is_looked_into):
    content = b"Subject: x\r\n\r\n" + b"a" * (size - 2) + b"\r\n"
    facts = facts_after([check("one")], [check("two")], content, max_inspected_bytes=10)
    assert len(facts.findings["content"]) == 1 + is_looked_into
    assert (facts.not_checked == {}) is is_looked_into


def test_only_mail_from_outside_is_looked_into():
    runner = ContentCheckRunner([], [], lambda: None)
    applies = {each for each in Direction if runner.applies(Origin(direction=each, reason="", client=None, helo=""))}
    assert applies == {Direction.INBOUND}


@pytest.mark.parametrize(
    ("content", "run"),
    [
        (b"Subject: x\r\n\r\nhello\r\n", ["ANYTHING"]),
        (b"Subject: x\r\n\r\nhttps://www.example.com/\r\n", ["ANYTHING", "LINKS"]),
        (b"Subject: x\r\nContent-Type: text/html\r\n\r\n<p>hello</p>\r\n", ["ANYTHING", "HTML"]),
        (b"Subject: x\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n", ["ANYTHING", "FILES"]),
    ],
)
def test_what_a_message_has_not_is_not_looked_at(content, run):
    checks = [replace(check(about.name.lower()), about=about) for about in About]
    facts = facts_after([], checks, content)
    assert [finding.name for finding in facts.findings["content"]] == run
