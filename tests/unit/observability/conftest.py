# SPDX-License-Identifier: GPL-3.0-or-later
"""A message with every fact established, which tests take apart."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.model.action import AddHeader, Plan
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.connection import Authentication, Connection
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcPolicy, DmarcResult, DmarcStatus
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.header import HeaderField
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.origin import Direction, Origin
from postward.model.rule_action import PrefixSubject, Redirect, Reject, Tag
from postward.model.rule_outcome import RefusedAction, RuleMatch, RuleMode, RuleOutcome
from postward.model.sender_rights import Permission, SenderRights
from postward.model.signing import SigningOutcome
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.symbol import Symbol
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict


def bare_transaction() -> Transaction:
    transaction = Transaction("18c.2a.1", started_s=1_700_000_000.0)
    transaction.connection = Connection(address=ip_address("192.0.2.1"), name="mail.example.com")
    transaction.sender = Sender(address=EnvelopeAddress("joe@example.com"))
    return transaction


@pytest.fixture
def bare() -> Transaction:
    """A message of which nothing but its beginning is known."""
    return bare_transaction()


EXTERNAL = RuleMatch(
    rule="external",
    severity="low",
    recipients=("r0@example.net", "r1@example.net"),
    seen=(("from.domain is example.com", "example.com"), ("subject contains win", "joe@example.com, you win")),
    taken=(Tag(name="outside"), Redirect(address="abuse@example.net", recipients=("r0@example.net",))),
    refused=(RefusedAction(action=PrefixSubject(text="[EXT] "), reason="the message of joe@example.com is signed"),),
    spent_ms=1.5,
)
AUDITED = RuleMatch(rule="trial", mode=RuleMode.AUDIT, taken=(Reject(text="Go away"),), spent_ms=0.25)
FAILED = RuleMatch(rule="broken", error="the directory does not answer", spent_ms=2.0)


@pytest.fixture
def ruled(judged) -> Transaction:
    """The same, with a rule that matched, one that was only audited, and one that failed."""
    judged.rules = RuleOutcome(
        digest="0123456789abcdef", matches=(EXTERNAL, AUDITED, FAILED), tags=frozenset({"outside"})
    )
    return judged


@pytest.fixture
def judged() -> Transaction:
    transaction = bare_transaction()
    transaction.helo = "mail.example.com"
    transaction.queue_id = "4ZxYab12cd"
    transaction.recipients.extend(Recipient(address=EnvelopeAddress(f"r{n}@example.net")) for n in range(3))
    transaction.fields.append(HeaderField(b"Message-ID", b" <1@example.com>"))
    transaction.authentication = Authentication(user="")
    transaction.origin = Origin(
        direction=Direction.INBOUND, reason="from outside", client=ip_address("192.0.2.1"), helo="mail.example.com"
    )
    _establish(transaction)
    transaction.symbols = (Symbol(name="SPF_FAIL", score=2.0), Symbol(name="DMARC_FAIL_REJECT", score=6.0))
    transaction.decision = Decision(verdict=Verdict.JUNK, reason="DMARC fails and example.com asks for reject")
    transaction.plan = Plan(additions=(AddHeader(name="X-Spam-Flag", value=b"YES"),))
    transaction.signing = SigningOutcome(
        signed_by=("example.com:s1",), unsealed_reason="it has 50 sets", seal_unusable=True
    )
    transaction.stage_ms = {"spf": 1.25, "dkim": 0.5, "scoring": 0.125}
    return transaction


def _establish(transaction: Transaction) -> None:
    facts = transaction.facts
    facts.spf = SpfResult(
        status=SpfStatus.FAIL, scope=SpfScope.MFROM, domain="example.com", identity="joe@example.com", mechanism="-all"
    )
    facts.spf_helo = SpfResult(
        status=SpfStatus.NONE, scope=SpfScope.HELO, domain="mail.example.com", identity="mail.example.com"
    )
    facts.dkim = (
        DkimResult(status=DkimStatus.PASS, domain="list.example", selector="s1"),
        DkimResult(status=DkimStatus.FAIL, domain="example.com", selector="s2", reason="the body was changed"),
    )
    facts.arc = ArcResult(
        status=ArcStatus.PASS,
        sets=(ArcSet(instance=1, sealer="list.example", selector="s1", authentication_results=b""),),
    )
    facts.dmarc = DmarcResult(
        status=DmarcStatus.FAIL,
        domain="example.com",
        org_domain="example.com",
        policy=DmarcPolicy.REJECT,
        policy_domain="example.com",
        reason="nothing aligned with joe@example.com",
    )
    facts.iprev = IprevResult(status=IprevStatus.PASS, name="mail.example.com")
    facts.sender_rights = SenderRights(
        envelope=Permission.ALLOWED, header_from=Permission.DENIED, identity="joe", tenant="acme"
    )
