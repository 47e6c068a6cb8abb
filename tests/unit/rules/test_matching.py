# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model import rule_action as act
from postward.rules.message.stored import message_from
from postward.rules.stage import Stage
from tests.unit.rules.making import Given, evaluate, recipient, rule

ANN, BOB, OUT = "ann@corp.example", "bob@corp.example", "out@elsewhere.example"
RAW = b"From: s@foreign.example\r\nSubject: Hello\r\n\r\nbody\r\n"
KEEPING = [act.Quarantine(), act.Discard(), act.Moderate(by=(BOB,)), act.Redirect(address="c@corp.example")]
TO_ANN = rule("first", act.Quarantine(), when=recipient(ANN))


def internal(*recipients):
    return message_from(RAW, mail_from=BOB, user=BOB, recipients=recipients, hosted=["corp.example"])


def refusing(*directions, **properties):
    return rule("second", act.Reject(), directions=frozenset(directions), **properties)


@pytest.mark.parametrize("first", KEEPING)
def test_a_message_that_nobody_gets_any_more_goes_no_other_way_for_that(first):
    outcome = evaluate(internal(ANN), rule("first", first), refusing("outbound"))
    assert [match.rule for match in outcome.matches] == ["first"]
    assert outcome.result.reply is None
    assert evaluate(internal(ANN), rule("first", first), refusing("internal")).result.reply is not None


@pytest.mark.parametrize("first", KEEPING)
@pytest.mark.parametrize("quantifier", ["each", "any", "all"])
def test_of_recipients_that_are_gone_nothing_holds_not_even_what_they_are_not(first, quantifier):
    not_bob = Given(lambda message: message.recipient is None or message.recipient.address != BOB, True)  # noqa: FBT003
    message = message_from(RAW, mail_from="s@foreign.example", recipients=[BOB], hosted=["corp.example"])
    outcome = evaluate(message, rule("first", first), refusing("inbound", when=not_bob, quantifier=quantifier))
    assert outcome.result.reply is None


def test_what_is_asked_of_the_message_alone_still_counts_where_nobody_gets_it():
    archived = rule("second", act.Archive(name="all"), act.Tag(name="seen"))
    outcome = evaluate(internal(ANN), TO_ANN, archived)
    assert outcome.tags == {"seen"}
    assert [deposit.recipients for deposit in outcome.result.deposits] == [(ANN,), ()]


def test_of_recipients_that_went_several_ways_all_count_where_all_are_asked_for():
    everybody = rule("first", act.Quarantine())
    assert evaluate(internal(ANN, OUT), everybody, refusing("outbound")).result.reply is not None
    assert evaluate(internal(ANN, OUT), everybody, refusing("outbound", quantifier="all")).result.reply is None


@pytest.mark.parametrize("quantifier", ["each", "any"])
def test_those_whom_a_rule_stopped_at_are_left_alone_whatever_the_quantifier(quantifier):
    outcome = evaluate(
        internal(ANN, BOB),
        rule("first", act.Tag(name="x"), when=recipient(ANN), stop=True),
        rule("second", act.Discard(), quantifier=quantifier),
    )
    assert outcome.result.dropped_recipients == (BOB,)


def test_a_stop_among_the_rules_that_answer_recipients_ends_no_others():
    answering = rule("first", act.Audit(), stage=Stage.RCPT, stop=True)
    outcome = evaluate(internal(ANN), answering, rule("second", act.Junk()), unanswered=True)
    assert [match.rule for match in outcome.matches] == ["first", "second"]
    assert outcome.result.junk
