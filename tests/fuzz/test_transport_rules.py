# SPDX-License-Identifier: GPL-3.0-or-later
"""Transport rules of any kind on any message: nothing raises, nobody's mail is lost, and all that is done is told."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

import milter
from postward.actions.decision import DecisionSettings
from postward.actions.delivery import delivered_body, delivered_headers
from postward.actions.plan import OutputSettings
from postward.actions.route_field import route_tokens
from postward.actions.submission import SubmissionSettings
from postward.app.rule_engine import route_objections
from postward.checks.origin import OriginSettings
from postward.dns.zone import ZoneLookup
from postward.mime.stored_message import take_message
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.ip_address import plain_address
from postward.model.rule_action import kind_of
from postward.model.rule_outcome import DepositKind, RuleMode
from postward.model.transaction import Transaction
from postward.mta.answer import PlanRefusedError, give_reply
from postward.mta.apply import apply_plan
from postward.mta.negotiation import agree
from postward.observability.logger import EventLog
from postward.pipeline.depositing import Depositing, Depots
from postward.pipeline.evaluation import Pipeline, PipelineSettings
from postward.pipeline.notice_addressees import NoticeAddressees
from postward.pipeline.plan_stage import PlanStages
from postward.pipeline.routing import RoutingStage
from postward.pipeline.rule_question import RuleQuestion
from postward.pipeline.rule_stage import RuleStage
from postward.pipeline.submission_stage import SubmissionStage
from postward.rules.at_recipient import RecipientRules
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.message.builder import InspectionSettings
from postward.rules.rule_set import RuleSet
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.spool.archive import MaildirArchive
from postward.spool.maildir import Maildir
from postward.spool.message_store import MessageStore
from postward.spool.outbox import Outbox
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import OURS
from tests.fuzz.rule_scenes import DIRECTORY, ROUTES, SCENES
from tests.unit.rules.making import Plugins, services

if TYPE_CHECKING:
    from postward.model.action import Plan
    from postward.model.header import Headers
    from postward.model.rule_outcome import RuleOutcome

NOW_S = 1.7e9
EVERYTHING = agree(0x1FF, 0x1FFFFF, changes_envelope=True, changes_body=True)
_LOOSE_END = re.compile(rb"\x00|\r(?!\n)|(?<!\r)\n|\r\n(?![ \t])")
_KEEPING = {DepositKind.QUARANTINE, DepositKind.MODERATE}
_TAKING_OFF = {"discard", "redirect", "quarantine", "moderate"}


class Host:
    """The pipeline's surroundings that do not change from one message to the next."""

    def __init__(self, folder) -> None:
        self.quarantine = MessageStore(folder / "quarantine")
        self.moderation = MessageStore(folder / "moderation")
        depots = Depots(
            quarantine=self.quarantine,
            moderation=self.moderation,
            archives={"legal": MaildirArchive(Maildir(folder / "archive"))},
            outbox=Outbox(folder / "outbox"),
        )
        self._log = (folder / "log").open("ab")
        self.depositing = Depositing(depots, NoticeAddressees(["admin@corp.example"]), EventLog(fd=self._log.fileno()))
        self.origin = OriginSettings()
        self.stages = PlanStages(
            SubmissionStage(SubmissionSettings(message_id_domain=OURS), lambda count: b"0" * count),
            RoutingStage(route_tokens(b"secret", ROUTES), DIRECTORY),
        )

    def stage(self, found: RuleSet, plugins: Plugins) -> RuleStage:
        evaluation = RuleEvaluation(found, plugins, EvaluationSettings(), route_objection=route_objections(ROUTES))
        return RuleStage(evaluation, services(DIRECTORY), InspectionSettings(), self.origin, authserv_id=OURS)

    def pipeline(self, stage: RuleStage | None, depositing: Depositing | None = None) -> Pipeline:
        settings = PipelineSettings(
            origin=self.origin,
            decision=DecisionSettings(),
            output=OutputSettings(authserv_id=OURS),
            scale=DEFAULT_SCALE,
        )
        return Pipeline(
            settings, [], mark=None, stages=self.stages, rules=stage, depositing=depositing, wall_clock=lambda: NOW_S
        )

    def close(self) -> None:
        self._log.close()


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    one = Host(tmp_path_factory.mktemp("rules"))
    yield one
    one.close()


def transaction_of(scene) -> Transaction:
    transaction = Transaction("t", started_s=NOW_S)
    transaction.connection = Connection(address=plain_address(ip_address(scene["client"])))
    transaction.authentication = Authentication(user=scene["user"])
    transaction.sender = Sender(address=EnvelopeAddress(scene["sender"]))
    transaction.recipients += [Recipient(address=EnvelopeAddress(each)) for each in scene["recipients"]]
    take_message(transaction, b"".join(scene["fields"]) + b"\r\n" + scene["body"])
    return transaction


class Mta:
    """Does to header and recipients what Postfix does when it is told by a milter."""

    def __init__(self, headers: Headers, recipients: list[str]) -> None:
        self.fields = [(field.name, field.value) for field in headers]
        self.recipients = [f"<{address}>" for address in recipients]
        self.told: list[str] = []

    def chgheader(self, name: str, number: int, value: str | None) -> None:
        key = name.lower().encode()
        places = [place for place, (found, _) in enumerate(self.fields) if found.rstrip(b" \t").lower() == key]
        at = places[number - 1]
        if value is None:
            del self.fields[at]
        else:
            self.fields[at] = (name.encode(), value.replace("\n", "\r\n").encode())

    def addheader(self, name: str, value: str, index: int) -> None:
        field = (name.encode(), value.replace("\n", "\r\n").encode())
        self.fields.insert(len(self.fields) if index < 0 else index, field)

    def delrcpt(self, path: str) -> None:
        self.recipients = [each for each in self.recipients if each != path]

    def addrcpt(self, path: str, *_arguments: str) -> None:
        if path not in self.recipients:
            self.recipients.append(path)

    def __getattr__(self, name: str):
        return lambda *_arguments: self.told.append(name)


def check_carried_out(transaction: Transaction, plan: Plan, recipients: list[str]) -> None:
    """The MTA takes the plan, and has in the end what we think it has: header, and somebody to send it to."""
    mta = Mta(transaction.headers, recipients)
    try:
        answer = apply_plan(plan, mta, EVERYTHING, transaction.body)
    except PlanRefusedError:
        # What was not UTF-8 cannot be taken off, and then the message is put off.
        assert any("\udcff" in dropped for dropped in plan.dropped_recipients)
        return
    if plan.reply is not None:
        assert (answer.code == milter.REJECT) is (plan.reply.code >= 500)
        assert plan.reply.enhanced[0] == str(plan.reply.code)[0]
        return
    if plan.discards:
        assert answer.code == milter.DISCARD
        return
    expected = [
        (field.name.rstrip(b" \t").lower(), _as_written(field.value)) for field in delivered_headers(transaction, plan)
    ]
    assert [(name.rstrip(b" \t").lower(), _as_written(value)) for name, value in mta.fields] == expected
    assert mta.recipients or not recipients, plan


def _as_written(value: bytes) -> bytes:
    # Where a field is left alone nobody touches it; where one is written it has one space.
    return value.lstrip(b" \t")


def check_told(plan: Plan, outcome: RuleOutcome, recipients: list[str]) -> None:
    """Whoever does not get the message has lost it by a rule that says so; what is to be kept, is."""
    final = {address.lower() for address in (*plan.new_recipients, *plan.silent_recipients)}
    final |= {address.lower() for address in recipients if address not in plan.dropped_recipients}
    kept = {address for each in outcome.result.deposits if each.kind in _KEEPING for address in each.recipients}
    for address in recipients:
        if plan.reply is not None or (address not in plan.dropped_recipients and not plan.discards):
            continue
        told = {
            kind_of(action): action
            for match in outcome.matches
            if match.mode is RuleMode.ENFORCE and address in match.recipients
            for action in match.taken
        }
        assert told.keys() & _TAKING_OFF, address
        if address in kept or "discard" in told:
            continue
        moved_to = told["redirect"].address.lower()
        is_moved_on = moved_to not in final and moved_to in {each.lower() for each in plan.dropped_recipients}
        assert moved_to in final or is_moved_on, address
    assert final or plan.reply is not None or plan.discards or not recipients, plan


def check_header(transaction: Transaction, plan: Plan, outcome: RuleOutcome) -> None:
    """Our fields end where they should; what no rule has changed is as it came."""
    for change in (*plan.changes, *plan.additions):
        assert not _LOOSE_END.search(change.value.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")), change
    result = outcome.result
    assert {change.position for change in plan.changes} <= {change.position for change in result.changed}
    touched = {each.position for each in (*plan.changes, *plan.removals)}
    left = [field for position, field in enumerate(transaction.headers) if position not in touched]
    delivered = iter(delivered_headers(transaction, plan))
    assert all(field in delivered for field in left)
    if plan.new_body is not None:
        assert result.new_body == plan.new_body
    else:
        assert bytes(delivered_body(transaction, plan)) == bytes(transaction.body)


@fuzz(scene=SCENES, share=2)
def test_no_mail_is_lost_or_changed_unless_a_rule_says_so(host, scene):
    transaction, recipients = transaction_of(scene), scene["recipients"]
    stage = host.stage(RuleSet(scene["rules"], digest="d"), Plugins(scene["plugins"]))
    pipeline = host.pipeline(stage)
    pipeline.evaluate(transaction, ZoneLookup({}))
    plan, outcome = transaction.plan, transaction.rules
    check_carried_out(transaction, plan, recipients)
    check_told(plan, outcome, recipients)
    if plan.reply is None:
        check_header(transaction, plan, outcome)
    fallback = pipeline.fallback(transaction, "time is up")
    if outcome.result.dropped_recipients or outcome.result.reply is not None:
        assert fallback.reply is not None


@fuzz(scene=SCENES)
def test_audit_mode_does_nothing(host, scene):
    audited = RuleSet([replace(each, mode=RuleMode.AUDIT) for each in scene["rules"]], digest="d")
    plans = []
    for stage in (None, host.stage(audited, Plugins(scene["plugins"]))):
        transaction = transaction_of(scene)
        host.pipeline(stage).evaluate(transaction, ZoneLookup({}))
        plans.append((transaction.plan, transaction.decision, transaction.symbols))
    assert plans[0] == plans[1]


@fuzz(scene=SCENES)
def test_recipients_are_answered(host, scene):
    found = RuleSet(scene["rules"], digest="d")
    told = []
    question = RuleQuestion(
        RecipientRules(found, Plugins(scene["plugins"])),
        services(DIRECTORY),
        host.origin,
        lambda _transaction, matches, _digest: told.append(matches),
        wall_clock=lambda: NOW_S,
    )
    transaction = transaction_of(scene)
    given, transaction.recipients = transaction.recipients, []
    for recipient in given:
        reply = question.judge(transaction, recipient)
        if reply is None:
            transaction.recipients.append(recipient)
        else:
            assert scene["client"] != "127.0.0.1" or scene["user"]
            give_reply(reply, Mta(transaction.headers, []))


@fuzz(scene=SCENES, share=0.3)
def test_what_is_kept_can_be_let_go(host, scene):
    transaction, recipients = transaction_of(scene), scene["recipients"]
    stage = host.stage(RuleSet(scene["rules"], digest="d"), Plugins(scene["plugins"]))
    host.pipeline(stage, host.depositing).evaluate(transaction, ZoneLookup({}))
    plan, outcome = transaction.plan, transaction.rules
    for store, kind in ((host.quarantine, DepositKind.QUARANTINE), (host.moderation, DepositKind.MODERATE)):
        wanted = sorted(each.recipients for each in outcome.result.deposits if each.kind is kind)
        kept = store.listing().messages
        assert sorted(message.recipients for message in kept) == ([] if plan.reply is not None else wanted)
        for message in kept:
            store.delete(message)
    check_carried_out(transaction, plan, recipients)
