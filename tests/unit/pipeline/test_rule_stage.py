# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.examination import Examination
from postward.checks.origin import OriginSettings
from postward.dns.zone import ZoneLookup
from postward.model.connection import Connection
from postward.model.estimate import Estimate, Level, ReputationResult
from postward.model.header import HeaderField
from postward.model.identity import Identity, IdentityKind
from postward.model.origin import Direction, Origin
from postward.model.rule_action import AddScore
from postward.model.transaction import Transaction
from postward.pipeline.rule_stage import RuleStage
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.message.builder import InspectionSettings
from postward.rules.rule_set import RuleSet
from tests.unit.rules.compiling import compiled
from tests.unit.rules.making import Plugins, rule, services

OURS, BELOW, OTHERS = b"mx.example.com; dkim=pass", b"a.mx.example.com; dkim=pass", b"other.example; dkim=pass"


def stage(*rules, **settings):
    evaluation = RuleEvaluation(
        RuleSet(rules), Plugins(), EvaluationSettings(), route_objection=lambda _name, _copy: ""
    )
    inspection = InspectionSettings()
    return RuleStage(evaluation, services(), inspection, OriginSettings(), authserv_id="mx.example.com", **settings)


def examined(transaction):
    return Examination(transaction, ZoneLookup({}), 0.0)


def message(direction=Direction.INBOUND):
    transaction = Transaction("t", started_s=0.0)
    transaction.connection = Connection(address=None)
    transaction.origin = Origin(direction=direction, reason="", client=None, helo="")
    fields = [(b"Authentication-Results", OURS), (b"Authentication-Results", BELOW), (b"X-Spam-Flag", b"NO"),
              (b"Authentication-Results", OTHERS)]  # fmt: skip
    transaction.fields.extend(HeaderField(name, b" " + value) for name, value in fields)
    return transaction


@pytest.mark.parametrize(("hides", "seen"), [(False, [BELOW, OTHERS]), (True, [OTHERS])])
def test_rules_do_not_see_what_claims_to_be_ours(hides, seen):
    found = stage(hides_subdomain_results=hides).message(message(), 0.0)
    assert [field.value.strip() for field in found.headers.fields] == seen
    assert len(found.positions) == len(seen)


def test_what_came_back_from_a_content_filter_is_not_asked_about():
    transaction = message(Direction.REINJECTED)
    stage(rule("r")).evaluate(transaction, examined(transaction))
    assert transaction.rules is None


def test_the_outcome_and_the_score_go_into_the_transaction():
    transaction = message()
    stage(rule("more-points", AddScore(points=2.5), include_bounces=True)).evaluate(
        transaction, Examination(transaction, ZoneLookup({}), 0.0)
    )
    assert [match.rule for match in transaction.rules.matches] == ["more-points"]
    assert [(symbol.name, symbol.score) for symbol in transaction.symbols] == [("RULE_MORE_POINTS", 2.5)]
    assert transaction.score == 2.5


KNOWN_SENDERS = """
rules:
- id: bad-network
  direction: inbound
  include_bounces: true
  when: {reputation: {of: network, surely_bad_percent: {gt: 20}}}
  unless: {correspondent: true}
  do: [{tag: bad}]
"""


def network(lower):
    identity = Identity(IdentityKind.NETWORK, "192.0.2.0/24")
    level = Level(identity=identity, record=None, prior=0.2, strength=12.0, mean=0.5)
    return Estimate(identity=identity, mean=0.5, lower=lower, confidence=0.9, levels=(level,))


@pytest.mark.parametrize(
    ("result", "matches"),
    [
        (ReputationResult(estimates={IdentityKind.NETWORK: network(0.3)}), True),
        (ReputationResult(estimates={IdentityKind.NETWORK: network(0.1)}), False),
        (ReputationResult(estimates={IdentityKind.NETWORK: network(0.3)}, is_correspondent=True), False),
        (None, False),
    ],
)
def test_rules_see_what_is_known_of_the_sender_and_nothing_where_redis_does_not_answer(result, matches):
    transaction = message()
    transaction.facts.reputation = result
    stage(*compiled(KNOWN_SENDERS).rules).evaluate(transaction, examined(transaction))
    assert bool(transaction.rules.matches) is matches
