# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.errors import DirectoryUnavailable
from postward.model.action import NOTHING, AddHeader, Plan
from postward.model.origin import Direction
from postward.model.rule_action import Archive, Moderate, Quarantine
from postward.model.rule_outcome import Deposit, DepositKind, RuleOutcome, RuleResult
from postward.model.verdict import Decision, Verdict
from postward.pipeline.plan_stage import PlanStages
from postward.pipeline.routing import UNROUTABLE, KeptRouteStage, RoutingStage
from tests.unit.pipeline.passing import RAW, examination

TOKENS = {"partner": "a" * 32}
REMOTE = ("ann@example.com", "bob@example.com")
STAMP = AddHeader(name="X-Spam-Flag", value=b"NO")


class Hosted:
    """Hosts example.net, or knows nothing, or cannot be asked."""

    def __init__(self, *, knows=True, is_away=False):
        self.knows = knows
        self.is_away = is_away

    def is_hosted(self, domain):
        if self.is_away:
            raise DirectoryUnavailable("the directory is away")
        return domain == "example.net" if self.knows else None


OURS = Hosted()


def message(route="partner", recipients=REMOTE):
    one = examination(user="", direction=Direction.INBOUND, recipients=recipients)
    one.transaction.decision = Decision(verdict=Verdict.HAM, reason="r")
    one.transaction.rules = RuleOutcome(result=RuleResult(route=route))
    return one


def routed(one, plan=None, directory=OURS):
    return RoutingStage(TOKENS, directory).complete(Plan(additions=(STAMP,)) if plan is None else plan, one)


def test_the_control_field_comes_behind_all_that_is_added():
    plan = routed(message())
    assert plan.additions == (STAMP, AddHeader(name="X-Postward-Route", value=b"a" * 32, at_bottom=True))
    assert plan.reply is None


def test_without_a_rule_that_wants_it_nothing_is_routed():
    for one in (message(route=""), message()):
        if one.transaction.rules.result.route:
            one.transaction.rules = None
        plan = Plan(additions=(STAMP,))
        assert routed(one, plan) is plan


def test_a_message_that_is_discarded_goes_nowhere():
    plan = Plan(discards=True)
    assert routed(message(), plan) is plan


@pytest.mark.parametrize(
    ("recipients", "change"),
    [
        ((*REMOTE, "u@example.net"), {}),
        (REMOTE, {"new_recipients": ("archive@example.net",)}),
        (REMOTE, {"silent_recipients": ("archive@example.net",)}),
    ],
)
def test_one_recipient_of_this_host_and_it_waits_instead_of_going_the_usual_way(recipients, change):
    one = message(recipients=recipients)
    assert routed(one, Plan(additions=(STAMP,), **change)) == Plan(reply=UNROUTABLE)
    decision = one.transaction.decision
    assert (decision.verdict, decision.reply) == (Verdict.DEFER, UNROUTABLE)
    assert "partner" in decision.reason
    assert "example.net is hosted here" in decision.reason


def test_whoever_is_taken_off_does_not_count():
    one = message(recipients=(*REMOTE, "u@example.net"))
    plan = routed(one, Plan(dropped_recipients=("u@example.net",)))
    assert [field.name for field in plan.additions] == ["X-Postward-Route"]


@pytest.mark.parametrize(
    ("route", "directory", "words"),
    [
        ("other", OURS, "there is no such route"),
        ("partner", Hosted(knows=False), "without a directory"),
        ("partner", Hosted(is_away=True), "the directory is away"),
    ],
)
def test_what_cannot_be_known_is_no_reason_to_send_it_the_usual_way(route, directory, words):
    one = message(route=route)
    assert routed(one, directory=directory) == Plan(reply=UNROUTABLE)
    assert words in one.transaction.decision.reason


FIELD = AddHeader(name="X-Postward-Route", value=b"a" * 32, at_bottom=True)


@pytest.mark.parametrize(
    ("action", "kind", "is_routed"),
    [
        (Quarantine(), DepositKind.QUARANTINE, True),
        (Moderate(by=("boss@example.net",)), DepositKind.MODERATE, True),
        (Archive(name="legal"), DepositKind.ARCHIVE, False),
    ],
)
def test_what_is_kept_remembers_its_way(action, kind, is_routed):
    one = message()
    deposit = Deposit(kind=kind, rule="r", action=action, recipients=REMOTE)
    one.transaction.rules = RuleOutcome(result=RuleResult(route="partner", deposits=(deposit,)))
    plan = routed(one, Plan(discards=True, dropped_recipients=REMOTE))
    assert plan.discards
    assert plan.additions == ((FIELD,) if is_routed else ())


def let_go(*tokens, recipients=REMOTE, directory=OURS):
    fields = b"".join(b"X-Postward-Route: " + token + b"\r\n" for token in tokens)
    one = examination(fields + RAW, user="", direction=Direction.REINJECTED, recipients=recipients)
    stages = PlanStages(RoutingStage(TOKENS, directory), again=(KeptRouteStage(TOKENS, directory),))
    return stages.complete_again(NOTHING, one)


def test_what_was_kept_goes_the_way_that_it_was_to_go():
    plan = let_go(b"a" * 32)
    assert plan.additions == (FIELD,)
    assert [(removal.name, removal.occurrence) for removal in plan.removals] == [(b"X-Postward-Route", 1)]


def test_what_names_no_way_is_left_alone():
    assert let_go() is NOTHING


@pytest.mark.parametrize("tokens", [(b"b" * 32,), (b"",), (b"a" * 31, b"a" * 33)])
def test_a_way_that_is_not_known_any_more_is_no_reason_to_go_the_usual_one(tokens):
    assert let_go(*tokens) == Plan(reply=UNROUTABLE)
    assert let_go(*tokens, recipients=("u@example.net",)) is NOTHING


def test_what_was_kept_for_recipients_of_this_host_stays_here():
    assert let_go(b"a" * 32, recipients=("u@example.net", "root")) is NOTHING


@pytest.mark.parametrize("directory", [Hosted(knows=False), Hosted(is_away=True)])
def test_what_was_kept_does_not_go_the_usual_way_because_nobody_knows(directory):
    assert let_go(b"a" * 32, directory=directory) == Plan(reply=UNROUTABLE)


def test_nor_because_some_of_its_recipients_are_here():
    assert let_go(b"a" * 32, recipients=(*REMOTE, "u@example.net")) == Plan(reply=UNROUTABLE)
