# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.actions.greylist_decision import (
    COME_AGAIN,
    GreylistExemptions,
    author_domain,
    exemption,
    is_judged,
    with_greylisting,
)
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.greylisting import GreylistResult, GreylistStatus
from postward.model.origin import Direction, Origin
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict

SUSPECT = Decision(verdict=Verdict.SUSPECT, reason="score 4 of 3")
EXEMPTIONS = GreylistExemptions(
    networks=(ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")), domains=frozenset({"partner.example"})
)


def transaction(*, direction=Direction.INBOUND, client="203.0.113.9", relayed_by=None, spf=None, dkim=(), dmarc=None):
    made = Transaction("t", started_s=0)
    made.origin = Origin(
        direction=direction, reason="r", client=ip_address(client), helo="",
        relayed_by=ip_address(relayed_by) if relayed_by else None,
    )  # fmt: skip
    made.facts.spf, made.facts.dkim, made.facts.dmarc = spf, dkim, dmarc
    return made


def spf(domain, status=SpfStatus.PASS):
    return SpfResult(status=status, scope=SpfScope.MFROM, domain=domain, identity="")


def dkim(domain, status=DkimStatus.PASS):
    return DkimResult(status=status, domain=domain, selector="s")


def dmarc(domain, status=DmarcStatus.PASS):
    return DmarcResult(status=status, domain=domain)


def test_suspects_from_outside_are_judged_and_nothing_else():
    judged = {
        (direction, verdict)
        for direction in Direction
        for verdict in Verdict
        if is_judged(transaction(direction=direction), Decision(verdict=verdict, reason=""))
    }
    assert judged == {(Direction.INBOUND, Verdict.SUSPECT)}


def test_what_has_to_come_again_is_refused_for_now():
    decision = with_greylisting(SUSPECT, GreylistResult(status=GreylistStatus.DELAYED, reason="it is new", wait_s=300))
    assert (decision.verdict, decision.reply) == (Verdict.DEFER, COME_AGAIN)
    assert decision.reason == "score 4 of 3; greylisted: it is new"
    assert (COME_AGAIN.code, COME_AGAIN.enhanced) == (451, "4.7.1")


@pytest.mark.parametrize("status", [GreylistStatus.PASSED, GreylistStatus.UNKNOWN])
def test_all_else_stays_as_it_was_decided(status):
    assert with_greylisting(SUSPECT, GreylistResult(status=status)) is SUSPECT


def test_nobody_is_exempt_by_default():
    found = transaction(spf=spf("partner.example"), dkim=(dkim("partner.example"),), dmarc=dmarc("partner.example"))
    assert exemption(found, GreylistExemptions()) == ""


@pytest.mark.parametrize("client", ["192.0.2.1", "2001:db8::1"])
def test_an_exempt_network_does_not_wait(client):
    assert exemption(transaction(client=client), EXEMPTIONS) == "the client's network is exempt"


@pytest.mark.parametrize(
    "facts",
    [
        {"spf": spf("partner.example")},
        {"dkim": (dkim("bulk.example"), dkim("partner.example"))},
        {"dmarc": dmarc("partner.example")},
        {"dmarc": dmarc("deep.mail.partner.example")},
    ],
)
def test_an_exempt_domain_does_not_wait_where_it_is_authenticated(facts):
    assert exemption(transaction(**facts), EXEMPTIONS) == "mail of partner.example is exempt"


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"spf": spf("partner.example", SpfStatus.SOFTFAIL)},
        {"dkim": (dkim("partner.example", DkimStatus.FAIL),)},
        {"dmarc": dmarc("partner.example", DmarcStatus.FAIL)},
        {"spf": spf("notpartner.example"), "dkim": (dkim("example"),), "dmarc": dmarc("partner.example.net")},
    ],
)
def test_who_only_says_to_be_an_exempt_domain_waits(facts):
    assert exemption(transaction(**facts), EXEMPTIONS) == ""


def test_what_a_trusted_relay_has_taken_does_not_wait():
    assert exemption(transaction(relayed_by="198.51.100.1"), EXEMPTIONS) == "a trusted relay has taken it already"


def test_the_author_is_who_dmarc_says_it_is():
    assert author_domain(transaction(dmarc=dmarc("shop.example")).facts) == "shop.example"
    assert author_domain(transaction(dmarc=dmarc("shop.example", DmarcStatus.FAIL)).facts) == ""
    assert author_domain(transaction(spf=spf("shop.example")).facts) == ""
