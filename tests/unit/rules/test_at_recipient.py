# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.errors import DirectoryUnavailable
from postward.model import rule_action as act
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.origin import Direction, Origin
from postward.model.rule_outcome import RuleMode
from postward.model.transaction import Transaction
from postward.rules.activation import Activation
from postward.rules.at_recipient import RecipientRules
from postward.rules.conditions.base import IndexKeys
from postward.rules.errors import PluginFailure, RuleFailure
from postward.rules.message.builder import envelope_of
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.rule_set import RuleSet
from postward.rules.stage import Stage
from tests.unit.rules.making import Given, Plugins, recipient, rule, services

ANN, BOB, OUT = "ann@corp.example", "bob@corp.example", "out@elsewhere.example"
DIRECTORY = StaticDirectory(hosted=["corp.example"])
ALWAYS = Given(lambda _message: True)


def message(address, *before, user="", mail_from="s@foreign.example"):
    transaction = Transaction("t", started_s=0.0)
    transaction.connection = Connection(address=None)
    transaction.authentication = Authentication(user=user)
    transaction.sender = Sender(address=EnvelopeAddress(mail_from))
    transaction.recipients.extend(Recipient(address=EnvelopeAddress(each)) for each in before)
    direction = Direction.OUTBOUND if user else Direction.INBOUND
    return envelope_of(
        transaction,
        Recipient(address=EnvelopeAddress(address)),
        Origin(direction=direction, reason="", client=None, helo=""),
        DIRECTORY,
        now_s=0.0,
    )


def early(name, *actions, **properties):
    return rule(name, *actions, stage=Stage.RCPT, **properties)


def answer(given, *rules, plugins=None):
    return RecipientRules(RuleSet(rules, digest="d"), plugins or Plugins()).answer(given, services(DIRECTORY))


def test_the_recipient_alone_is_refused():
    restricted = early("r", act.Reject(text="not you"), when=recipient(ANN))
    refused = answer(message(ANN), restricted)
    assert (refused.reply.code, refused.reply.text) == (550, "not you")
    assert [(match.rule, match.recipients) for match in refused.matches] == [("r", (ANN,))]
    assert answer(message(BOB, ANN), restricted).reply is None


def test_rules_for_the_whole_message_are_not_asked():
    assert answer(message(ANN), rule("late", act.Reject(), when=ALWAYS)).matches == ()


def test_the_first_refusal_counts():
    rules = (early("a", act.Defer(code=452)), early("b", act.Reject()))
    assert answer(message(ANN), *rules).reply.code == 452


def test_of_several_in_one_rule_the_harshest_counts():
    assert answer(message(ANN), early("a", act.Defer(), act.Reject())).reply.code == 550


def test_audit_mode_takes_the_recipient_and_tells():
    told = answer(message(ANN), early("a", act.Reject(), mode=RuleMode.AUDIT))
    assert told.reply is None
    assert [act.kind_of(action) for action in told.matches[0].taken] == ["reject"]


def test_bounces_are_looked_at_only_where_the_rule_says_so():
    assert answer(message(ANN, mail_from=""), early("a", act.Reject())).reply is None
    assert answer(message(ANN, mail_from=""), early("a", act.Reject(), include_bounces=True)).reply is not None


@pytest.mark.parametrize(
    ("on_error", "code"), [("ignore", None), ("defer", 451), ("reject", 550), ("quarantine", None)]
)
@pytest.mark.parametrize("error", [RuleFailure("cannot"), DirectoryUnavailable("cannot")])
def test_a_rule_that_fails_takes_its_on_error(on_error, code, error):
    def fail(_message):
        raise error

    told = answer(message(ANN), early("a", act.Reject(), when=Given(fail), on_error=on_error))
    assert (told.reply.code if told.reply else None) == code
    assert told.matches[0].error == "cannot"


def test_a_plugin_answers_too():
    plugins = Plugins({"p": (act.Defer(code=452, text="slowly"),), "bad": PluginFailure("hung")})
    assert answer(message(ANN), early("p", plugin="p"), plugins=plugins).reply.code == 452
    assert answer(message(ANN), early("p", plugin="bad", on_error="defer"), plugins=plugins).reply.code == 451


def test_recipients_for_whom_a_rule_differs_are_sent_apart():
    splitting = rule("s", act.Junk(), when=recipient(BOB), whole_message="split")
    assert answer(message(ANN), splitting).reply is None
    assert answer(message(BOB, ANN), splitting).reply.code == 452
    assert answer(message("carol@corp.example", ANN), splitting).reply is None
    assert answer(message(ANN, BOB), splitting).reply.code == 452


@pytest.mark.parametrize(
    "properties",
    [{"mode": RuleMode.AUDIT}, {"active": Activation(from_s=1.0)}],
)
def test_recipients_for_whom_a_rule_that_does_nothing_differs_may_come_together(properties):
    splitting = rule("s", act.Junk(), when=recipient(BOB), whole_message="split", **properties)
    assert answer(message(BOB, ANN), splitting).reply is None


def test_recipients_of_a_bounce_come_together_where_the_rule_does_not_look_at_bounces():
    def splitting(**properties):
        return rule("s", act.Junk(), when=recipient(BOB), whole_message="split", **properties)

    assert answer(message(BOB, ANN, mail_from=""), splitting()).reply is None
    assert answer(message(BOB, ANN, mail_from=""), splitting(include_bounces=True)).reply.code == 452


def test_recipients_whom_the_direction_of_a_rule_divides_are_sent_apart():
    splitting = rule("s", act.Junk(), directions=frozenset({"outbound"}), whole_message="split")
    assert answer(message(OUT, BOB, user=ANN), splitting).reply.code == 452
    assert answer(message(OUT, "x@other.example", user=ANN), splitting).reply is None


def test_a_rule_that_routes_divides_ours_from_others():
    splitting = rule("s", act.Route(name="gateway"), whole_message="split")
    assert answer(message(OUT, BOB, user=ANN), splitting).reply.code == 452


def test_the_same_recipient_twice_is_not_sent_apart():
    splitting = rule("s", act.Junk(), when=recipient(BOB), whole_message="split")
    assert answer(message(BOB, BOB), splitting).reply is None


def test_nothing_is_asked_where_no_rule_answers_recipients():
    assert RecipientRules(RuleSet([rule("late", act.Junk())]), Plugins()).is_empty
    assert not RecipientRules(RuleSet([early("r", act.Reject())]), Plugins()).is_empty


def test_what_is_not_known_yet_is_empty():
    early_message = message(ANN)
    assert (early_message.stage, early_message.subject, early_message.body_text) == (Stage.RCPT, "", "")
    assert replace(early_message).recipient.direction == "inbound"


def test_only_rules_that_may_match_are_asked():
    asked = []

    def look(message):
        asked.append(message.recipient.address)
        return True

    class Keyed(Given):
        def keys(self):
            return (IndexKeys("recipient.domain", frozenset({"@other.example"})),)

    elsewhere = early("k", act.Reject(), when=Keyed(look))
    assert answer(message(ANN), elsewhere).reply is None
    assert asked == []
    assert answer(message("x@other.example"), elsewhere).reply is not None


@pytest.mark.parametrize(
    ("on_errors", "code"), [((), None), (("ignore",), None), (("ignore", "defer"), 451), (("defer", "reject"), 550)]
)
def test_rules_that_could_not_be_asked_take_the_harshest_on_error(on_errors, code):
    rules = [early(f"r{number}", act.Reject(), on_error=on_error) for number, on_error in enumerate(on_errors)]
    desk = RecipientRules(RuleSet([*rules, rule("late", act.Reject(), on_error="reject")]), Plugins())
    reply = desk.unanswered(frozenset({"inbound"}), 0.0, is_bounce=False)
    assert (reply.code if reply else None) == code
    assert desk.unanswered(frozenset({"inbound"}), 0.0, is_bounce=True) is None


def test_those_of_audit_mode_and_of_other_ways_do_not_count():
    rules = [
        early("a", act.Reject(), on_error="reject", mode=RuleMode.AUDIT),
        early("b", act.Reject(), on_error="reject", directions=frozenset({"outbound"})),
    ]
    assert RecipientRules(RuleSet(rules), Plugins()).unanswered(frozenset({"inbound"}), 0.0, is_bounce=False) is None
