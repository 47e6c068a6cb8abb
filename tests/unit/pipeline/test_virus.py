# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules want of a message in which a scanner finds a virus: they may be harsher, and deliver it in no way."""

from __future__ import annotations

import os
from ipaddress import ip_address

import pytest

from postward.actions.decision import DecisionSettings
from postward.actions.plan import OutputSettings
from postward.actions.scan_disposition import OnVirus, ScanSettings
from postward.checks.origin import OriginSettings
from postward.dns.zone import ZoneLookup
from postward.model.connection import Connection
from postward.model.rule_action import AddRecipient, BypassSpam, Defer, Moderate, Notify, Quarantine, Redirect
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.verdict import Verdict
from postward.observability.logger import EventLog
from postward.pipeline.depositing import Depositing, Depots
from postward.pipeline.evaluation import Pipeline, PipelineSettings
from postward.pipeline.notice_addressees import NoticeAddressees
from postward.pipeline.rule_stage import RuleStage
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.message.builder import InspectionSettings
from postward.rules.rule_set import RuleSet
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.spool.message_store import MessageStore
from postward.spool.outbox import Outbox
from tests.unit.pipeline.passing import examination
from tests.unit.rules.making import Plugins, recipient, rule, services

ALICE, BOB = "alice@example.org", "bob@example.org"
MODERATE = Moderate(by=("boss@example.org",))


class Scanner:
    name = "clamav"
    requires = ()

    def applies(self, _origin):
        return True

    def run(self, one):
        one.transaction.facts.scans[self.name] = ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar",))

    def results(self, facts):
        return {self.name: "virus"} if facts.scans else {}


class Silent(Scanner):
    def run(self, one):
        one.transaction.facts.scans[self.name] = ScanResult(status=ScanStatus.FAILED, reason="silent", defers=True)


@pytest.fixture
def evaluated(tmp_path):
    """Evaluates an infected message for two; gives it, the reasons in both stores, and how many notices wait."""
    moderation, quarantine = MessageStore(tmp_path / "moderation"), MessageStore(tmp_path / "quarantine")
    outbox = Outbox(tmp_path / "outbox")
    depots = Depots(quarantine=quarantine, moderation=moderation, archives={}, outbox=outbox)
    null = os.open(os.devnull, os.O_WRONLY)

    def run(*rules, on_virus=OnVirus.QUARANTINE, scanner=Scanner):
        transaction = examination(user="", sender="ann@example.com", recipients=(ALICE, BOB)).transaction
        transaction.connection = Connection(address=ip_address("192.0.2.9"))
        settings = PipelineSettings(
            origin=OriginSettings(),
            decision=DecisionSettings(scans=ScanSettings(on_virus=on_virus)),
            output=OutputSettings(authserv_id="mx.example.org"),
            scale=DEFAULT_SCALE,
        )
        evaluation = RuleEvaluation(
            RuleSet(rules), Plugins(), EvaluationSettings(), route_objection=lambda _name, _copy: ""
        )
        stage = RuleStage(evaluation, services(), InspectionSettings(), OriginSettings(), authserv_id="mx.example.org")
        depositing = Depositing(depots, NoticeAddressees(["postmaster@example.org"]), EventLog(fd=null))
        pipeline = Pipeline(settings, [scanner()], mark=None, rules=stage, depositing=depositing)
        pipeline.evaluate(transaction, ZoneLookup({}))
        kept = [[store.get(each).reason for each in store.some(10)] for store in (moderation, quarantine)]
        return transaction, *kept, len(outbox.waiting().notices)

    yield run
    os.close(null)


@pytest.mark.parametrize("when", [None, recipient(ALICE)], ids=["for all", "for one"])
def test_no_moderator_can_let_a_virus_go_on(evaluated, when):
    transaction, moderated, *_ = evaluated(rule("held", MODERATE, when=when))
    assert moderated == []
    assert transaction.plan.hold.reason == "clamav has found Eicar"
    assert (transaction.plan.dropped_recipients, transaction.plan.discards) == ((), False)
    assert transaction.decision.is_virus


@pytest.mark.parametrize(("on_virus", "code"), [(OnVirus.REJECT, 550), (OnVirus.DISCARD, None)])
def test_what_the_operator_wants_of_viruses_happens_to_moderated_mail_too(evaluated, on_virus, code):
    transaction, moderated, *_ = evaluated(rule("held", MODERATE), on_virus=on_virus)
    assert moderated == []
    reply = transaction.plan.reply
    assert (reply.code if reply else None, transaction.plan.discards) == (code, code is None)


def test_a_virus_that_is_kept_back_in_the_quarantine_is_told_for_what_it_is(evaluated):
    transaction, _, quarantined, _ = evaluated(rule("kept", Quarantine(reason="card numbers")))
    assert quarantined == ["clamav has found Eicar; card numbers"]
    assert (transaction.decision.verdict, transaction.decision.is_virus) == (Verdict.DISCARD, True)


@pytest.mark.parametrize(
    "action", [BypassSpam(), Redirect(address="carol@example.org"), AddRecipient(address="audit@example.org")]
)
def test_whatever_else_the_rules_want_it_is_held(evaluated, action):
    transaction, *_ = evaluated(rule("r", action))
    assert transaction.plan.hold.reason == "clamav has found Eicar"


NOTIFY = Notify(to=("admin",))


def test_of_a_message_that_comes_again_nobody_is_told_before(evaluated):
    transaction, *_, notices = evaluated(rule("told", NOTIFY), scanner=Silent)
    assert transaction.plan.reply.code == 451
    assert notices == 0


def test_unless_the_rules_themselves_put_it_off(evaluated):
    transaction, *_, notices = evaluated(rule("told", NOTIFY), rule("late", Defer()))
    assert (transaction.plan.reply.code, notices) == (451, 1)


def test_of_one_that_is_refused_for_good_people_are_told(evaluated):
    transaction, *_, notices = evaluated(rule("told", NOTIFY), on_virus=OnVirus.REJECT)
    assert (transaction.plan.reply.code, notices) == (550, 1)
