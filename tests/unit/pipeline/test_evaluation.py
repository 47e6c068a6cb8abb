# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from ipaddress import ip_address

import pytest

from postward.actions.decision import DecisionSettings
from postward.actions.plan import OutputSettings
from postward.checks.content.letter import ContentBounds, letter_of
from postward.checks.origin import OriginSettings
from postward.directory.entry import DomainEntry, DomainSettings
from postward.dns.zone import ZoneLookup
from postward.model.action import Hold
from postward.model.connection import Connection
from postward.model.estimate import ReputationResult
from postward.model.symbol import Finding, SymbolDefinition
from postward.model.verdict import Verdict
from postward.pipeline.evaluation import Pipeline, PipelineSettings
from postward.pipeline.plan_stage import PlanStages
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.scoring.scale import Scale
from tests.unit.pipeline.passing import examination

RECIPIENTS = ("alice@example.org", "bob@example.org")


class Change:
    """A stage that changes the plan as the test says, and counts its calls."""

    def __init__(self, **change):
        self.change = change
        self.calls = 0

    def complete(self, plan, _examination):
        self.calls += 1
        return replace(plan, **self.change)


def evaluated(*stages):
    return evaluated_by(stages=PlanStages(*stages))


def evaluated_by(**parts):
    """The message, through a pipeline with these parts."""
    transaction = examination(user="", sender="ann@example.com", recipients=RECIPIENTS).transaction
    transaction.connection = Connection(address=ip_address("192.0.2.9"))
    settings = PipelineSettings(
        origin=OriginSettings(),
        decision=DecisionSettings(),
        output=OutputSettings(authserv_id="mx.example.org"),
        scale=DEFAULT_SCALE,
    )
    Pipeline(settings, [], mark=None, **parts).evaluate(transaction, ZoneLookup({}))
    return transaction


def test_a_message_that_nobody_is_left_to_get_is_discarded_and_told_so():
    transaction = evaluated(Change(dropped_recipients=RECIPIENTS))
    assert transaction.plan.discards
    assert (transaction.decision.verdict, transaction.decision.reason) == (Verdict.DISCARD, "no recipient is left")


@pytest.mark.parametrize(
    "change",
    [
        {"dropped_recipients": RECIPIENTS[:1]},
        {"dropped_recipients": RECIPIENTS, "silent_recipients": ("audit@example.org",)},
        {"dropped_recipients": RECIPIENTS, "new_recipients": ("carol@example.org",)},
    ],
)
def test_one_that_somebody_gets_is_not(change):
    transaction = evaluated(Change(**change))
    assert not transaction.plan.discards
    assert transaction.plan.dropped_recipients == change["dropped_recipients"]
    assert transaction.decision.verdict is Verdict.HAM


def test_one_on_hold_keeps_its_recipients():
    plan = evaluated(Change(dropped_recipients=RECIPIENTS, hold=Hold(reason="why"))).plan
    assert (plan.discards, plan.dropped_recipients) == (False, ())


def test_a_discarded_message_is_completed_for_it_may_have_been_kept_for_later():
    behind = Change()
    evaluated(Change(discards=True), behind)
    assert behind.calls == 1


class Domains:
    """Of two hosted domains one weighs a symbol otherwise."""

    def domain(self, name):
        weights = {"FOUND": 1.0} if name == "mild.example" else {}
        return DomainEntry(name=name, tenant=name, settings=DomainSettings(weights=weights))


class Finder:
    name = "content"
    requires = ()

    def applies(self, _origin):
        return True

    def run(self, examination):
        examination.transaction.facts.findings[self.name] = (Finding("FOUND"),)

    def results(self, _facts):
        return {}


@pytest.mark.parametrize(
    ("recipients", "score", "verdict"),
    [
        (["a@strict.example"], 9.0, Verdict.JUNK),
        (["a@mild.example"], 1.0, Verdict.HAM),
        (["a@strict.example", "b@mild.example"], 1.0, Verdict.HAM),
    ],
)
def test_the_domain_in_whose_eyes_a_message_is_mildest_counts(recipients, score, verdict):
    transaction = examination(user="", sender="ann@example.com", recipients=recipients).transaction
    transaction.connection = Connection(address=ip_address("192.0.2.9"))
    definition = SymbolDefinition(name="FOUND", score=9.0, group="body", meaning="it was found")
    settings = PipelineSettings(
        origin=OriginSettings(),
        decision=DecisionSettings(),
        output=OutputSettings(authserv_id="mx.example.org"),
        scale=Scale(definitions={"FOUND": definition}),
    )
    pipeline = Pipeline(settings, [Finder()], mark=None, directory=Domains())
    pipeline.evaluate(transaction, ZoneLookup({}))
    assert (transaction.score, transaction.decision.verdict) == (score, verdict)


class Reader:
    """A check that has the parts read, and remembers the body by a weak reference."""

    name = "content"
    requires = ()

    def applies(self, _origin):
        return True

    def run(self, examination):
        letter = letter_of(examination, None, ContentBounds())
        assert letter.parts
        self.read = weakref.ref(letter.mime)

    def results(self, _facts):
        return {}


def test_nothing_of_what_was_read_waits_for_a_collection_of_garbage():
    transaction = examination(user="", sender="ann@example.com", recipients=RECIPIENTS).transaction
    transaction.connection = Connection(address=ip_address("192.0.2.9"))
    settings = PipelineSettings(
        origin=OriginSettings(),
        decision=DecisionSettings(),
        output=OutputSettings(authserv_id="mx.example.org"),
        scale=DEFAULT_SCALE,
    )
    reader = Reader()
    gc.disable()
    try:
        Pipeline(settings, [reader], mark=None).evaluate(transaction, ZoneLookup({}))
        assert reader.read() is None
    finally:
        gc.enable()


class KnownForBadMail:
    """A reputation that speaks against all as much as it may."""

    def consult(self, transaction):
        transaction.facts.reputation = ReputationResult(points=4.0)
        transaction.facts.findings["reputation"] = (Finding("REPUTATION_BAD", points=4.0),)


@pytest.mark.parametrize(
    ("wanted", "score", "verdict"), [(None, 4.0, "suspect"), (2.0, 1.6, "ham"), (9.0, 4.0, "suspect")]
)
def test_nothing_is_junk_for_its_senders_name_alone(wanted, score, verdict):
    class Directory:
        def domain(self, name):
            return DomainEntry(name=name, tenant=name, settings=DomainSettings(junk_threshold=wanted))

    transaction = evaluated_by(directory=Directory(), reputation=KnownForBadMail())
    assert (transaction.score, transaction.decision.verdict.value) == (score, verdict)
