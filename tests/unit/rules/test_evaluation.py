# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools

import pytest

from postward.errors import DirectoryUnavailable
from postward.model import rule_action as act
from postward.model.rule_outcome import DepositKind, RuleMode
from postward.rules.errors import PluginFailure, RuleFailure
from postward.rules.message.stored import message_from
from tests.unit.rules.making import Given, Plugins, evaluate, recipient, rule, tagged

ANN, BOB, OUT = "ann@corp.example", "bob@corp.example", "out@elsewhere.example"
RAW = b"From: s@foreign.example\r\nSubject: Hello\r\n\r\nbody\r\n"


def inbound(*recipients: str, mail_from: str = "s@foreign.example"):
    return message_from(RAW, mail_from=mail_from, recipients=recipients or (ANN,), hosted=["corp.example"])


def outbound(*recipients: str):
    return message_from(RAW, mail_from=ANN, user=ANN, recipients=recipients or (OUT,), hosted=["corp.example"])


def kinds(match):
    return [act.kind_of(action) for action in match.taken]


def test_without_a_match_nothing_is_told():
    outcome = evaluate(inbound(), rule("never", act.Junk(), when=Given(lambda _message: False)))
    assert (outcome.matches, outcome.result.junk, outcome.digest) == ((), False, "d1")


def test_a_match_is_told_with_what_was_seen():
    (match,) = evaluate(inbound(), rule("one", act.Junk(), when=Given(lambda _message: True))).matches
    assert (match.rule, match.recipients, match.seen, kinds(match)) == ("one", (ANN,), (("given", "so"),), ["junk"])


def test_later_rules_see_what_earlier_ones_did():
    outcome = evaluate(
        inbound(),
        rule("first", act.Tag(name="x"), act.AddScore(points=2.5), act.PrefixSubject(text="[X] ")),
        rule("tagged", act.Junk(), when=tagged("x")),
        rule("scored", act.Tag(name="high"), when=Given(lambda message: message.score >= 2.5)),
        rule("read", act.Tag(name="read"), when=Given(lambda message: message.subject == "[X] Hello")),
    )
    assert outcome.tags == {"x", "high", "read"}
    assert outcome.result.junk
    assert dict(outcome.points) == {"first": 2.5}


def test_a_score_can_be_set_whatever_was_there():
    outcome = evaluate(inbound(), rule("a", act.AddScore(points=9)), rule("b", act.SetScore(points=6)))
    assert sum(outcome.points.values()) == 6


def test_audit_mode_tells_and_does_nothing():
    outcome = evaluate(
        inbound(),
        rule("quiet", act.Tag(name="x"), act.Reject(), mode=RuleMode.AUDIT, stop=True),
        rule("later", act.Junk(), when=tagged("x")),
        rule("last", act.Tag(name="last")),
    )
    assert [match.rule for match in outcome.matches] == ["quiet", "last"]
    assert kinds(outcome.matches[0]) == ["tag", "reject"]
    assert outcome.result.reply is None
    assert outcome.tags == {"last"}


def test_lower_priorities_come_first():
    outcome = evaluate(inbound(), rule("b", act.Tag(name="b")), rule("a", act.Tag(name="a"), priority=1))
    assert [match.rule for match in outcome.matches] == ["a", "b"]


def test_stop_ends_the_set_for_those_whom_it_matched():
    outcome = evaluate(
        inbound(ANN, BOB),
        rule("ann", act.Tag(name="one"), when=recipient(ANN), stop=True),
        rule("both", act.Redirect(address="c@corp.example"), when=Given(lambda message: True, True)),  # noqa: FBT003
    )
    assert outcome.matches[1].recipients == (BOB,)
    assert outcome.result.dropped_recipients == (BOB,)


def test_stop_for_all_ends_everything():
    outcome = evaluate(inbound(), rule("a", act.Tag(name="a"), stop=True), rule("b", act.Tag(name="b")))
    assert outcome.tags == {"a"}


def test_a_refusal_for_good_ends_everything_and_one_for_now_does_not():
    outcome = evaluate(
        inbound(), rule("a", act.Defer()), rule("b", act.Reject(text="no")), rule("c", act.Tag(name="c"))
    )
    assert outcome.result.reply.code == 550
    assert outcome.result.decided_by == "b"
    assert outcome.tags == set()


@pytest.mark.parametrize(
    ("quantifier", "recipients", "expected"),
    [
        ("each", (ANN, BOB), (ANN,)),
        ("any", (ANN, BOB), (ANN, BOB)),
        ("all", (ANN, BOB), None),
        ("all", (ANN,), (ANN,)),
        ("any", (BOB,), None),
    ],
)
def test_quantifiers(quantifier, recipients, expected):
    outcome = evaluate(inbound(*recipients), rule("q", act.Tag(name="x"), when=recipient(ANN), quantifier=quantifier))
    assert [match.recipients for match in outcome.matches] == ([expected] if expected else [])


@pytest.mark.parametrize(("policy", "is_taken"), [(None, True), ("any", True), ("split", True), ("all", False)])
def test_what_concerns_the_whole_message_follows_the_policy(policy, is_taken):
    outcome = evaluate(inbound(ANN, BOB), rule("w", act.Reject(), when=recipient(ANN), whole_message=policy))
    assert (outcome.result.reply is not None) is is_taken
    assert bool(outcome.matches[0].refused) is not is_taken


def test_what_concerns_single_recipients_leaves_the_others():
    outcome = evaluate(inbound(ANN, BOB), rule("r", act.Redirect(address="c@corp.example"), when=recipient(ANN)))
    assert outcome.result.dropped_recipients == (ANN,)
    assert outcome.result.new_recipients == ("c@corp.example",)
    assert not outcome.result.discards


def test_nobody_left_is_a_discard_with_an_audit_line():
    outcome = evaluate(inbound(ANN), rule("gone", act.Discard()))
    assert outcome.result.discards
    assert (outcome.result.decided_by, kinds(outcome.matches[0])) == ("gone", ["discard"])


def test_own_quarantine_keeps_before_it_takes_off():
    outcome = evaluate(inbound(ANN, BOB), rule("q", act.Quarantine(), when=recipient(BOB)))
    (deposit,) = outcome.result.deposits
    assert (deposit.kind, deposit.recipients, deposit.rule) == (DepositKind.QUARANTINE, (BOB,), "q")
    assert outcome.result.dropped_recipients == (BOB,)


def test_of_a_refused_message_nothing_is_kept_but_notices_go():
    outcome = evaluate(
        inbound(), rule("a", act.Archive(name="all")), rule("b", act.Notify(to=("admin",)), act.Reject())
    )
    assert [deposit.kind for deposit in outcome.result.deposits] == [DepositKind.NOTIFY]


@pytest.mark.parametrize(
    ("directions", "recipients", "expected"),
    [
        ({"outbound"}, (OUT, BOB), (OUT,)),
        ({"internal"}, (OUT, BOB), (BOB,)),
        ({"outbound", "internal"}, (OUT, BOB), (OUT, BOB)),
        ({"inbound"}, (OUT, BOB), None),
    ],
)
def test_directions_of_our_own_users(directions, recipients, expected):
    outcome = evaluate(outbound(*recipients), rule("d", act.Tag(name="x"), directions=frozenset(directions)))
    assert [match.recipients for match in outcome.matches] == ([expected] if expected else [])


def test_all_recipients_have_to_go_the_way_where_all_are_asked_for():
    only_out = rule("d", act.Tag(name="x"), directions=frozenset({"outbound"}), quantifier="all")
    assert evaluate(outbound(OUT, BOB), only_out).matches == ()
    assert evaluate(outbound(OUT), only_out).matches


def test_bounces_are_looked_at_only_where_the_rule_says_so():
    message = inbound(mail_from="")
    assert evaluate(message, rule("a", act.Tag(name="a"))).matches == ()
    assert evaluate(message, rule("a", act.Tag(name="a"), include_bounces=True)).matches


def raising(error):
    def fail(_message):
        raise error

    return Given(fail)


@pytest.mark.parametrize(
    ("on_error", "code", "held"),
    [("ignore", None, ""), ("defer", 451, ""), ("reject", 550, ""), ("quarantine", None, "r")],
)
@pytest.mark.parametrize("error", [RuleFailure("cannot"), DirectoryUnavailable("cannot")])
def test_a_rule_that_fails_takes_its_on_error(on_error, code, held, error):
    outcome = evaluate(inbound(), rule("r", act.Tag(name="x"), when=raising(error), on_error=on_error))
    (match,) = outcome.matches
    assert match.error == "cannot"
    assert (outcome.result.reply.code if outcome.result.reply else None) == code
    assert bool(outcome.result.hold_reason) is bool(held)


def test_a_rule_in_audit_mode_that_fails_does_nothing():
    failing = rule("r", when=raising(RuleFailure("cannot")), on_error="reject", mode=RuleMode.AUDIT)
    outcome = evaluate(inbound(), failing)
    assert outcome.result.reply is None
    assert outcome.matches[0].error == "cannot"


def test_rules_for_which_no_time_is_left_take_their_on_error():
    ticks = itertools.count(0.0, 6.0)
    rules = [rule(f"r{number}", act.Tag(name=str(number)), on_error="defer") for number in range(4)]
    outcome = evaluate(inbound(), *rules, ticks=ticks, budget_s=20.0)
    assert [bool(match.error) for match in outcome.matches] == [False, False, True, True]
    assert outcome.result.reply.code == 451


def test_a_plugin_is_asked_where_its_rule_matches():
    plugins = Plugins({"p": (act.Tag(name="from-plugin"),)})
    outcome = evaluate(
        inbound(),
        rule("no", when=Given(lambda _message: False), plugin="p"),
        rule("yes", plugin="p", timeout_s=2.0),
        plugins=plugins,
    )
    assert outcome.tags == {"from-plugin"}
    assert plugins.calls == [("p", 2.0)]


def test_a_plugin_that_wants_nothing_is_no_match():
    assert evaluate(inbound(), rule("p", plugin="p", stop=True), plugins=Plugins({"p": ()})).matches == ()


def test_a_plugin_that_fails_is_a_failure_of_its_rule():
    failing = Plugins({"p": PluginFailure("hung")})
    outcome = evaluate(inbound(), rule("p", plugin="p", on_error="defer"), plugins=failing)
    assert (outcome.matches[0].error, outcome.result.reply.code) == ("hung", 451)


def test_a_plugin_names_no_recipient_for_whom_its_rule_did_not_match():
    wish = act.Redirect(address="c@corp.example", recipients=(ANN, BOB, "x@y.example"))
    outcome = evaluate(inbound(ANN, BOB), rule("p", when=recipient(BOB), plugin="p"), plugins=Plugins({"p": (wish,)}))
    assert outcome.result.dropped_recipients == (BOB,)


def test_a_route_that_cannot_be_taken_is_a_failure_of_its_rule():
    routed = rule("r", act.Route(name="gateway"), on_error="defer")
    assert evaluate(outbound(), routed).result.route == "gateway"
    outcome = evaluate(outbound(), routed, objection="a recipient is ours")
    assert outcome.result.reply.code == 451
    assert outcome.matches[0].refused[0].reason == "a recipient is ours"


def test_a_recipient_that_comes_after_the_route_is_looked_at_too():
    outcome = evaluate(
        outbound(),
        rule("r", act.Route(name="gateway"), on_error="defer"),
        rule("a", act.AddRecipient(address=BOB)),
        objection=lambda copy: "one is ours" if BOB in copy.added else "",
    )
    assert (outcome.result.route, outcome.result.reply.code) == ("", 451)
    assert outcome.matches[-1].refused[0].reason == "one is ours"


def test_each_recipient_gets_an_action_of_its_own():
    def kept(message):
        return act.Moderate(by=(f"boss-of-{message.recipient.local_part}@corp.example",))

    outcome = evaluate(inbound(ANN, BOB), rule("m", kept, when=Given(lambda _message: True, True)))  # noqa: FBT003
    assert [deposit.recipients for deposit in outcome.result.deposits] == [(ANN,), (BOB,)]
    assert outcome.result.discards
