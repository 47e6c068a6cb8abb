from __future__ import annotations

import pytest

from postward.errors import DirectoryUnavailable
from postward.model.action import AddHeader, Plan
from postward.model.origin import Direction
from postward.model.rule_outcome import RuleOutcome, RuleResult
from postward.model.verdict import Decision, Verdict
from postward.pipeline.routing import UNROUTABLE, RoutingStage
from tests.unit.pipeline.passing import examination

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
