# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that knows senders, in memory, and mail as a test says."""

from __future__ import annotations

from ipaddress import ip_address

from postward.errors import TemporaryFailure
from postward.mime.stored_message import take_message
from postward.model.action import NOTHING
from postward.model.connection import Authentication
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.origin import Direction, Origin
from postward.model.reputation import Evidence, Known, Record, Standing
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.symbol import Finding
from postward.model.transaction import Transaction
from postward.pipeline.reputation_stage import ReputationSettings, ReputationStage
from postward.reputation.lineage import Lineage
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.scoring.weighing import weigh

DAY_S = 86_400


class Memory:
    """Keeps in memory what a store keeps in Redis; what is in it does not fade."""

    def __init__(self):
        self.evidence = {}
        self.pairs = set()
        self.days = 0
        self.is_silent = False

    def read(self, identities, correspondences):
        if self.is_silent:
            raise TemporaryFailure("no answer")
        return Known(
            standings={each: Standing(slow=self.record(each)) for each in identities if each in self.evidence},
            correspondences=frozenset(self.pairs & set(correspondences)),
        )

    def observe(self, evidence):
        for identity, added in evidence.items():
            self.evidence[identity] = self.evidence.get(identity, Evidence()) + added

    def note(self, correspondences):
        self.pairs |= set(correspondences)

    def record(self, identity):
        kept = self.evidence[identity]
        return Record(good=kept.good, bad=kept.bad, hard=kept.hard, seen=kept.seen, first_s=0, last_s=self.days * DAY_S)

    def known(self):
        return {str(identity): added for identity, added in self.evidence.items()}


def registered(name):
    return ".".join(name.split(".")[-2:])


class Mail:
    """One message and what the checks have found of it."""

    _number = 0

    def __init__(
        self, *, client="203.0.113.9", author="", spf="", dkim=(), dmarc=DmarcStatus.NONE, aligned_by=(), score=0.0,
        recipients=("bob@our.example",), direction=Direction.INBOUND, user="", header="", virus=False, sender=None,
        mechanism="ip4:203.0.113.0/24", signature=None, relayed_by=None,
    ):  # fmt: skip
        Mail._number += 1
        transaction = self.transaction = Transaction("t", started_s=0)
        transaction.sender = Sender(address=EnvelopeAddress(f"a@{spf}" if sender is None and spf else sender or ""))
        transaction.recipients += [Recipient(address=EnvelopeAddress(each)) for each in recipients]
        transaction.origin = Origin(
            direction=direction,
            reason="r",
            client=ip_address(client) if client else None,
            helo="",
            relayed_by=relayed_by,
        )
        transaction.authentication = Authentication(user=user)
        facts = transaction.facts
        if spf:
            facts.spf = SpfResult(
                status=SpfStatus.PASS, scope=SpfScope.MFROM, domain=spf, identity="", mechanism=mechanism
            )
        facts.dkim = tuple(
            DkimResult(
                status=DkimStatus.PASS, domain=each, selector="s", signature_prefix=signature or str(Mail._number)
            )
            for each in dkim
        )
        facts.dmarc = DmarcResult(status=dmarc, domain=author.rpartition("@")[2], aligned_by=aligned_by)
        facts.findings["content"] = (Finding("SPAMASSASSIN", points=score),)
        if virus:
            facts.scans["clamav"] = ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar",))
        take_message(transaction, f"From: <{author}>\r\n{header}Subject: x\r\n\r\ntext\r\n".encode())

    @property
    def reputation(self):
        return self.transaction.facts.reputation

    @property
    def points(self):
        return {
            each.name: each.score for each in weigh(self.transaction.facts, DEFAULT_SCALE) if each.group == "reputation"
        }


def authentic(domain, **more):
    """Mail that SPF and DKIM prove to be the author's."""
    given = {
        "author": f"joe@{domain}", "spf": domain, "dkim": (domain,), "dmarc": DmarcStatus.PASS,
        "aligned_by": ("spf", f"dkim:{domain}"),
    }  # fmt: skip
    return Mail(**(given | more))


class Host:
    """A stage with a memory; mail comes in, is judged and taught."""

    def __init__(self):
        self.memory = Memory()
        self.now_s = 0.0
        settings = ReputationSettings(scale=DEFAULT_SCALE)
        self.stage = ReputationStage(self.memory, Lineage(registered), settings, clock=lambda: self.now_s)

    def take(self, mail, *, times=1, outcome="evaluated", plan=NOTHING):
        for _ in range(times):
            self.stage.consult(mail.transaction)
            mail.transaction.plan = plan
            self.stage.learn(mail.transaction, outcome)
        return mail

    def many(self, count, make):
        for _ in range(count):
            self.take(make())

    def ask(self, mail):
        self.stage.consult(mail.transaction)
        return mail

    def known(self, name):
        return self.memory.known().get(name)
