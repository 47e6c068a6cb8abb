# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.actions.results_field import OutboundResults, results_field
from postward.model.connection import Authentication
from postward.model.dmarc import DmarcDisposition, DmarcPolicy, DmarcResult, DmarcStatus
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.origin import Direction, Origin
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict

SPF = SpfResult(
    status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="xn--bcher-kva.example", identity="j\xf6rg@b\xfccher.example"
)


def message(direction=Direction.INBOUND, *, arguments=(), user=""):
    transaction = Transaction("t", started_s=0)
    transaction.origin = Origin(direction=direction, reason="", client=ip_address("192.0.2.1"), helo="")
    transaction.sender = Sender(address=EnvelopeAddress("j\xf6rg@b\xfccher.example"), arguments=arguments)
    transaction.authentication = Authentication(user=user, mechanism="PLAIN" if user else "")
    return transaction


def value(transaction, *, outbound=OutboundResults.NONE, disposition=DmarcDisposition.NONE):
    decision = Decision(verdict=Verdict.HAM, reason="", dmarc_disposition=disposition)
    field = results_field(transaction, decision, authserv_id="mx.example.com", outbound=outbound)
    return field and field.value.decode().replace("\r\n\t", " ")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [((), "xn--bcher-kva.example"), (("SIZE=9", "smtputf8"), '"j\xf6rg@b\xfccher.example"')],
)
def test_utf8_stands_in_internationalized_messages_only(arguments, shown):
    transaction = message(arguments=arguments)
    transaction.facts.spf = SPF
    assert value(transaction) == f"mx.example.com; spf=pass smtp.mailfrom={shown}"


def test_says_what_was_done_for_the_policy():
    transaction = message()
    transaction.facts.dmarc = DmarcResult(
        status=DmarcStatus.FAIL, domain="a.example", policy=DmarcPolicy.REJECT, policy_domain="a.example"
    )
    assert "dmarc=fail (p=reject dis=quarantine)" in value(transaction, disposition=DmarcDisposition.QUARANTINE)


def test_mail_that_was_judged_before_gets_no_field():
    assert value(message(Direction.REINJECTED)) is None


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.LOOPBACK])
@pytest.mark.parametrize("wanted", OutboundResults)
def test_only_our_own_mail_tells_of_a_login(direction, wanted):
    assert value(message(direction, user="alice"), outbound=wanted) == "mx.example.com; none"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (OutboundResults.NONE, None),
        (OutboundResults.AUTH, "mx.example.com; auth=pass"),
        (OutboundResults.LOGIN, "mx.example.com; auth=pass (PLAIN) smtp.auth=alice"),
    ],
)
def test_our_own_mail_tells_of_its_login_on_demand(wanted, expected):
    assert value(message(Direction.OUTBOUND, user="alice"), outbound=wanted) == expected


@pytest.mark.parametrize("wanted", OutboundResults)
def test_our_own_mail_without_a_login_gets_no_field(wanted):
    assert value(message(Direction.OUTBOUND), outbound=wanted) is None


def test_a_hostile_login_adds_no_result():
    found = value(message(Direction.OUTBOUND, user='a; dkim=pass "b'), outbound=OutboundResults.LOGIN)
    assert found == 'mx.example.com; auth=pass (PLAIN) smtp.auth="a; dkim:pass \\"b"'
