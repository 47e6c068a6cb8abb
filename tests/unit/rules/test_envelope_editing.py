# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model import rule_action as act
from postward.model.rule_outcome import DepositKind
from postward.rules.envelope_editing import is_address
from postward.rules.message.stored import message_from
from tests.unit.rules.making import evaluate, recipient, rule

ANN, BOB, CAROL = "ann@corp.example", "bob@corp.example", "carol@corp.example"
RAW = b"From: s@foreign.example\r\nSubject: Hello\r\n\r\nbody\r\n"
HELD = act.Moderate(by=(CAROL,))


def inbound(*recipients):
    return message_from(RAW, mail_from="s@foreign.example", recipients=recipients, hosted=["corp.example"])


def for_bob(*actions, **properties):
    return rule("bob", *actions, when=recipient(BOB), **properties)


def for_ann(*actions, **properties):
    return rule("ann", *actions, when=recipient(ANN), **properties)


@pytest.mark.parametrize("keeping", [act.Quarantine(), HELD, act.Discard()])
def test_nobody_gets_a_copy_of_what_is_kept_from_them(keeping):
    outcome = evaluate(inbound(ANN, BOB), for_bob(keeping), rule("copy", act.AddRecipient(address=BOB.title())))
    assert (outcome.result.new_recipients, outcome.result.silent_recipients) == ((), ())
    assert outcome.matches[1].refused[0].reason == "the message is kept from this recipient"


@pytest.mark.parametrize("keeping", [act.Quarantine(), HELD])
@pytest.mark.parametrize("is_first", [False, True])
def test_a_message_kept_for_somebody_does_not_get_there_as_that_of_another(keeping, is_first):
    rules = [for_bob(keeping), for_ann(act.Redirect(address=BOB))]
    outcome = evaluate(inbound(ANN, BOB), *(rules if is_first else reversed(rules)))
    assert outcome.result.new_recipients == ()
    assert set(outcome.result.dropped_recipients) == {ANN, BOB}
    assert [deposit.recipients for deposit in outcome.result.deposits] == [(BOB,)]


@pytest.mark.parametrize("first", [act.Discard(), act.Redirect(address=CAROL)])
def test_a_message_that_is_not_kept_is_not_lost_on_its_way_to_another(first):
    outcome = evaluate(inbound(ANN, BOB), for_bob(first), for_ann(act.Redirect(address=BOB)))
    assert BOB in outcome.result.new_recipients
    assert not outcome.result.discards


def test_two_recipients_can_be_sent_to_each_other():
    outcome = evaluate(inbound(ANN, BOB), for_ann(act.Redirect(address=BOB)), for_bob(act.Redirect(address=ANN)))
    assert outcome.result.new_recipients == (ANN,)
    assert not outcome.result.discards


def test_a_silent_copy_that_takes_the_place_of_others_is_not_silent_any_more():
    outcome = evaluate(
        inbound(ANN), rule("copy", act.AddRecipient(address=CAROL)), rule("move", act.Redirect(address=CAROL.upper()))
    )
    assert (outcome.result.new_recipients, outcome.result.silent_recipients) == ((CAROL,), ())


def test_where_there_is_room_for_no_more_the_message_is_not_left_where_it_must_not_be():
    copies = [act.AddRecipient(address=f"copy{number}@corp.example") for number in range(100)]
    moving = rule("move", act.Redirect(address=CAROL), on_error="defer")
    assert evaluate(inbound(ANN), rule("copies", *copies), moving).result.reply.code == 451
    there = rule("move", act.Redirect(address="copy0@corp.example"), on_error="defer")
    outcome = evaluate(inbound(ANN), rule("copies", *copies), there)
    assert (outcome.result.reply, outcome.result.dropped_recipients) == (None, (ANN,))


@pytest.mark.parametrize("wish", [act.Redirect(address="nobody"), act.Moderate(by=("nobody",)), act.Moderate(by=())])
def test_a_message_that_cannot_go_where_it_should_is_a_failure_of_the_rule(wish):
    outcome = evaluate(inbound(ANN), rule("r", act.Tag(name="x"), wish, on_error="defer"))
    assert outcome.result.reply.code == 451
    assert outcome.matches[0].refused[0].action == wish
    assert [act.kind_of(action) for action in outcome.matches[0].taken] == ["tag", "defer"]


@pytest.mark.parametrize(
    ("actions", "kept"),
    [
        ((act.Quarantine(), HELD), [DepositKind.QUARANTINE]),
        ((HELD, act.Quarantine()), [DepositKind.MODERATE]),
        ((act.Discard(), act.Quarantine()), [DepositKind.QUARANTINE]),
        ((act.Redirect(address=CAROL), act.Quarantine()), [DepositKind.QUARANTINE]),
    ],
)
def test_one_recipients_message_is_kept_once(actions, kept):
    outcome = evaluate(inbound(ANN), rule("r", *actions, on_error="defer"))
    assert [deposit.kind for deposit in outcome.result.deposits] == kept
    assert outcome.result.reply is None


@pytest.mark.parametrize(
    "text", ["a,b@x.example", "a;b@x.example", "a:b@x.example", "a(b)@x.example", "a\\b@x.example", "a[b]@x.example",
             "a@b@x.example", "\u0085a@x.example", "\u00e4" * 64 + "@" + "\u00e4" * 255, "a@x,y.example"]
)  # fmt: skip
def test_what_an_mta_would_take_for_several_or_would_not_take_is_no_address(text):
    assert not is_address(text)


@pytest.mark.parametrize(
    "text", ["a@x.example", "a+b=c@x.example", "\u00e4@x.example", "a@[192.0.2.1]", "a@[IPv6:::1]"]
)
def test_what_needs_no_quotes_is_an_address(text):
    assert is_address(text)
