# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.actions.decision import DecisionSettings
from postward.actions.own_fields import note_unread
from postward.actions.plan import OutputSettings
from postward.actions.submission import FROM_REFUSED, SENDER_REFUSED, Mismatch, SubmissionSettings
from postward.checks.iprev import IprevCheck
from postward.checks.origin import OriginSettings
from postward.checks.sender import SenderCheck
from postward.directory.entry import SenderEntry
from postward.model.action import NOTHING, AddHeader, Reply
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.header import HeaderField
from postward.model.not_remembered import NOT_REMEMBERED
from postward.model.rule_action import Archive, Notify
from postward.model.rule_outcome import Deposit, DepositKind, RuleMode, RuleOutcome, RuleResult
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.sender_rights import Permission, SenderRights
from postward.model.signing import SigningOutcome
from postward.model.transaction import Transaction
from postward.pipeline.evaluation import Pipeline, PipelineSettings
from postward.pipeline.rule_stage import RuleStage
from postward.rules.evaluation import EvaluationSettings, RuleEvaluation
from postward.rules.message.builder import InspectionSettings
from postward.rules.rule_set import RuleSet
from postward.scoring.catalogue import DEFAULT_SCALE
from tests.unit.rules.making import Plugins, rule, services


def message():
    transaction = Transaction("t", started_s=0)
    transaction.connection = Connection(address=ip_address("192.0.2.1"))
    transaction.sender = Sender(address=EnvelopeAddress("a@example.com"))
    transaction.fields.append(HeaderField(b"Authentication-Results", b" mx.example.com; dkim=pass"))
    return transaction


def fallback(transaction, sender=None, rules=None, **settings):
    defaults = {"decision": DecisionSettings(), "output": OutputSettings(authserv_id="mx.example.com")}
    whole = PipelineSettings(origin=OriginSettings(), scale=DEFAULT_SCALE, **(defaults | settings))
    return Pipeline(whole, [IprevCheck()], mark=None, sender=sender, rules=rules).fallback(transaction, "time is up")


def test_passes_and_says_what_was_not_checked():
    plan = fallback(message())
    assert plan.reply is None
    assert [removal.position for removal in plan.removals] == [0]
    value = plan.additions[0].value.replace(b"\r\n\t", b" ")
    assert value == b"mx.example.com; iprev=temperror (not checked, time is up)"


def test_defers_on_demand():
    plan = fallback(message(), defer_on_failure=True)
    assert plan.reply is not None
    assert plan.reply.code == 451


def test_removes_what_was_not_read_too():
    transaction = message()
    for name in (b"AUTHENTICATION-Results ", b"Subject", b"X-Spam-Flag", b"Authentication-Results"):
        note_unread(transaction, name)
    removals = fallback(transaction).removals
    assert [(removal.name.lower(), removal.occurrence) for removal in removals] == [
        (b"authentication-results", 1),
        (b"authentication-results", 2),
        (b"authentication-results", 3),
        (b"x-spam-flag", 1),
    ]
    assert [removal.position for removal in removals] == [0, 1, 2, 3]


@pytest.mark.parametrize("defer_on_failure", [False, True])
@pytest.mark.parametrize("names", [[b"X-Spam-Flag"] * 1001, [b"X-Spam-%d" % number for number in range(1001)]])
def test_a_flood_of_fields_in_our_name_is_refused(defer_on_failure, names):
    transaction = message()
    for name in names:
        note_unread(transaction, name)
    plan = fallback(transaction, defer_on_failure=defer_on_failure)
    assert plan.reply is not None
    assert plan.reply.code == 552


def submitted(**rights):
    transaction = message()
    transaction.authentication = Authentication(user="alice@example.com")
    if rights:
        transaction.facts.sender_rights = SenderRights(**rights)
    return transaction


DENIED, ALLOWED = Permission.DENIED, Permission.ALLOWED
REJECTING = DecisionSettings(submission=SubmissionSettings(on_from_mismatch=Mismatch.REJECT))
HOLDING = DecisionSettings(submission=SubmissionSettings(on_from_mismatch=Mismatch.HOLD))


def test_mail_of_our_own_users_goes_unsigned_and_says_so():
    transaction = submitted(envelope=ALLOWED, header_from=ALLOWED)
    assert fallback(transaction).reply is None
    assert transaction.signing == SigningOutcome(unsigned_reason="not checked: time is up")
    others = message()
    fallback(others)
    assert others.signing is None


def test_what_was_found_out_in_time_about_the_sender_still_counts():
    def refused(settings, **rights):
        return fallback(submitted(**({"envelope": ALLOWED, "header_from": DENIED} | rights)), decision=settings)

    assert refused(REJECTING).reply == FROM_REFUSED
    assert refused(HOLDING, envelope=DENIED).reply == SENDER_REFUSED
    assert refused(HOLDING).hold is not None
    assert refused(HOLDING, header_from=ALLOWED) == fallback(submitted())


class Remembering:
    """A directory that remembers one answer about every login."""

    is_empty = False

    def __init__(self, entry):
        self.entry = entry

    def recall_sender(self, _login, _client):
        return self.entry


def test_what_is_remembered_of_the_sender_judges_a_message_that_was_never_examined():
    forbidden = submitted()
    forbidden.fields.append(HeaderField(b"From", b" ceo@example.com"))
    own = submitted()
    own.sender = Sender(address=EnvelopeAddress("alice@example.com"))
    own.fields.append(HeaderField(b"From", b" alice@example.com"))
    knowing = SenderCheck(Remembering(SenderEntry(identity="alice", addresses=frozenset({"alice@example.com"}))))
    assert fallback(forbidden, knowing).reply == SENDER_REFUSED
    assert fallback(own, knowing).reply is None
    forbidden.sender = own.sender
    assert fallback(forbidden, knowing, decision=REJECTING).reply == FROM_REFUSED
    assert fallback(forbidden, SenderCheck(Remembering(NOT_REMEMBERED)), decision=REJECTING).reply is None
    assert forbidden.facts.sender_rights is None


def deposit(kind, action):
    return Deposit(kind=kind, rule="r", action=action, recipients=("a@example.net",))


NO = Reply(code=550, enhanced="5.7.1", text="no")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"reply": NO}, 550),
        ({"discards": True}, 451),
        ({"hold_reason": "why"}, 451),
        ({"dropped_recipients": ("a@example.net",)}, 451),
        ({"route": "gateway"}, 451),
        ({"new_body": b"x"}, 451),
        ({"new_sender": ""}, 451),
        ({"deposits": (deposit(DepositKind.ARCHIVE, Archive(name="legal")),)}, 451),
        ({"deposits": (deposit(DepositKind.NOTIFY, Notify(to=("admin",))),)}, None),
        ({"junk": True, "added": (AddHeader(name="X-A", value=b"a"),)}, None),
    ],
)
def test_what_the_rules_keep_back_does_not_pass_for_want_of_time(wanted, code):
    transaction = message()
    transaction.rules = RuleOutcome(result=RuleResult(**wanted))
    for given in (transaction, transaction.detached()):
        reply = fallback(given).reply
        assert (reply.code if reply else None) == code


def stage(*rules):
    evaluation = RuleEvaluation(
        RuleSet(rules), Plugins(), EvaluationSettings(), route_objection=lambda _name, _copy: ""
    )
    return RuleStage(evaluation, services(), InspectionSettings(), OriginSettings(), authserv_id="mx.example.com")


INBOUND, OUTBOUND = frozenset({"inbound"}), frozenset({"outbound"})


@pytest.mark.parametrize(
    ("properties", "code", "is_held"),
    [
        ({"on_error": "ignore"}, None, False),
        ({"on_error": "defer"}, 451, False),
        ({"on_error": "reject"}, 550, False),
        ({"on_error": "quarantine"}, None, True),
        ({"on_error": "reject", "directions": OUTBOUND}, None, False),
        ({"on_error": "reject", "mode": RuleMode.AUDIT}, None, False),
    ],
)
def test_rules_that_could_not_be_asked_take_their_on_error(properties, code, is_held):
    transaction = message()
    mild = rule("mild", on_error="ignore", directions=INBOUND)
    plan = fallback(transaction, rules=stage(mild, rule("r", **{"directions": INBOUND} | properties)))
    assert (plan.reply.code if plan.reply else None, plan.hold is not None) == (code, is_held)
    assert bool(transaction.rules) is (code is not None or is_held)


def test_the_harshest_on_error_counts():
    rules = stage(rule("a", on_error="quarantine"), rule("b", on_error="reject"), rule("c", on_error="defer"))
    transaction = message()
    assert fallback(transaction, rules=rules).reply.code == 550
    assert [(match.rule, match.error) for match in transaction.rules.matches] == [
        ("b", "the message was not evaluated")
    ]


def test_a_bounce_is_none_of_their_business_unless_they_say_so():
    bounce = message()
    bounce.sender = Sender(address=EnvelopeAddress(""))
    assert fallback(bounce, rules=stage(rule("r", on_error="reject"))).reply is None
    assert fallback(bounce, rules=stage(rule("r", on_error="reject", include_bounces=True))).reply.code == 550


def test_monitor_leaves_every_message_alone():
    transaction = message()
    transaction.is_flooded = True
    transaction.rules = RuleOutcome(result=RuleResult(reply=NO))
    assert fallback(transaction, monitor=True) is NOTHING


class Scanner:
    name = "clamav"
    requires = ()

    def applies(self, _origin):
        return True

    def begin(self, _examination):
        raise AssertionError("nothing is begun any more")

    run = begin

    def give_up(self, transaction, reason):
        transaction.facts.scans.setdefault(self.name, ScanResult(status=ScanStatus.FAILED, reason=reason, defers=True))

    def results(self, facts):
        return {self.name: "pass"} if self.name in facts.scans else {}


def abandoned(transaction, **more):
    settings = PipelineSettings(
        origin=OriginSettings(),
        scale=DEFAULT_SCALE,
        decision=DecisionSettings(),
        output=OutputSettings(authserv_id="mx.example.com"),
        **more,
    )
    return Pipeline(settings, [Scanner()], mark=None).fallback(transaction, "time is up")


def test_a_virus_that_was_found_in_time_does_not_pass_for_want_of_time():
    transaction = message()
    transaction.facts.scans["clamav"] = ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar-Test",))
    plan = abandoned(transaction)
    assert plan.hold is not None
    assert plan.hold.reason == "clamav has found Eicar-Test"


def test_a_scanner_without_which_nothing_is_to_pass_defers_where_its_answer_is_not_there_in_time():
    plan = abandoned(message())
    assert plan.reply is not None
    assert plan.reply.code == 451


def test_nobody_gets_past_the_virus_scanner_by_a_header_that_is_too_large():
    transaction = message()
    transaction.is_header_cut = True
    for given in (transaction, transaction.detached()):
        assert abandoned(given).reply.code == 552
    assert abandoned(transaction, monitor=True) is NOTHING


def test_without_a_virus_scanner_such_a_header_is_a_failure_like_others():
    transaction = message()
    transaction.is_header_cut = True
    assert fallback(transaction).reply is None
