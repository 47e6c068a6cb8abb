# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.actions.delivery import delivered_message
from postward.actions.plan import FLOODED, MAX_REMOVALS, OutputSettings, make_plan
from postward.checks.pass_mark import PassMark
from postward.model.action import NOTHING, Plan
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.header import HeaderField
from postward.model.origin import Direction, Origin
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict

SETTINGS = OutputSettings(authserv_id="mx.example.com")


def message(direction=Direction.INBOUND):
    transaction = Transaction("t", started_s=0)
    transaction.origin = Origin(direction=direction, reason="", client=ip_address("192.0.2.1"), helo="h.example")
    transaction.sender = Sender(address=EnvelopeAddress("u@a.example"))
    transaction.fields += [
        HeaderField(b"Authentication-Results", b" mx.example.com; dkim=pass header.d=bank.example"),
        HeaderField(b"X-Spam-Flag", b" NO"),
        HeaderField(b"Subject", b"  kept \r\n\tas it is"),
    ]
    transaction.body.append(b"body\r\n")
    transaction.facts.spf = SpfResult(
        status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="a.example", identity="u@a.example"
    )
    return transaction


def planned(direction=Direction.INBOUND, verdict=Verdict.HAM, mark=None, **settings):
    output = OutputSettings(authserv_id="mx.example.com", **settings)
    return make_plan(message(direction), Decision(verdict=verdict, reason="why"), output, mark)


def added(plan):
    return [addition.name for addition in plan.additions]


def test_results_come_first_then_spam_fields():
    assert added(planned()) == [
        "Authentication-Results",
        "X-Spam-Flag",
        "X-Spam-Score",
        "X-Spam-Status",
        "X-Postward-Reason",
    ]


def test_received_spf_on_demand():
    assert added(planned(received_spf=True))[:2] == ["Authentication-Results", "Received-SPF"]


def test_the_mark_goes_with_the_results():
    mark = PassMark(b"k", clock=lambda: 0)
    assert added(planned(mark=mark))[-1] == "X-Postward-Pass"
    assert "X-Postward-Pass" not in added(planned(mark=mark, authentication_results=False))


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND, Direction.LOOPBACK])
def test_forged_fields_go_whatever_the_direction(direction):
    assert [removal.position for removal in planned(direction).removals] == [0, 1]


def test_our_own_mail_gets_no_fields():
    assert added(planned(Direction.OUTBOUND)) == []


def test_mail_of_this_host_gets_no_spam_fields():
    assert added(planned(Direction.LOOPBACK)) == ["Authentication-Results"]


def test_results_can_be_switched_off():
    assert "Authentication-Results" not in added(planned(authentication_results=False))


def test_mail_that_was_judged_before_is_left_alone():
    assert planned(Direction.REINJECTED) is NOTHING


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.REJECT, 550), (Verdict.DEFER, 451)])
def test_a_refusal_is_generic_and_changes_nothing(verdict, code):
    plan = planned(verdict=verdict)
    assert plan.reply is not None
    assert plan.reply.code == code
    assert plan.reply.enhanced[0] == str(code)[0]
    assert (plan.removals, plan.additions) == ((), ())
    assert "DMARC" not in plan.reply.text


def test_quarantine_holds_the_message_with_its_fields():
    plan = planned(verdict=Verdict.QUARANTINE)
    assert plan.hold is not None
    assert added(plan)[0] == "Authentication-Results"


def test_what_is_to_be_discarded_is_whoever_says_so():
    assert planned(verdict=Verdict.DISCARD).discards
    assert not planned(verdict=Verdict.JUNK).discards


def test_the_delivered_message_keeps_all_else_to_the_byte():
    transaction = message()
    plan = make_plan(transaction, Decision(verdict=Verdict.HAM, reason=""), SETTINGS)
    lines = delivered_message(transaction, plan).split(b"\r\n")
    assert lines[0].startswith(b"Authentication-Results: mx.example.com;")
    assert b"\r\n".join(lines).endswith(b"\r\nSubject:  kept \r\n\tas it is\r\n\r\nbody\r\n")
    assert not any(b"bank.example" in line for line in lines)


def test_more_forged_fields_than_an_mta_can_remove_in_good_time_are_refused():
    transaction = message()
    transaction.fields += [HeaderField(b"X-Spam-%d" % number, b"") for number in range(MAX_REMOVALS - 2)]
    decision = Decision(verdict=Verdict.HAM, reason="")
    assert len(make_plan(transaction, decision, SETTINGS).removals) == MAX_REMOVALS
    flooded = message()
    flooded.fields += [*transaction.fields, HeaderField(b"X-Postward-Other", b"")]
    assert make_plan(flooded, decision, SETTINGS) == Plan(reply=FLOODED)
