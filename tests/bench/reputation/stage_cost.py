# SPDX-License-Identifier: GPL-3.0-or-later
"""What reputation costs a worker for one message: asked before it is judged, and taught when it is finished."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from random import Random
from typing import TYPE_CHECKING

from postward.app.compose import public_suffixes
from postward.app.reputation import make_lineage
from postward.model.action import NOTHING
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcPolicy, DmarcResult, DmarcStatus
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.header import HeaderField
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.origin import Direction, Origin
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.symbol import Finding
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict
from postward.observability.message_event import EVALUATED
from postward.pipeline.reputation_stage import ReputationSettings, ReputationStage
from postward.reputation.asn_table import AsnTable
from postward.reputation.store import ReputationStore
from postward.scoring.catalogue import DEFAULT_SCALE
from tests.bench.reputation.opened import opened
from tests.bench.reputation.work import FLUSH_AFTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.model.redis_target import RedisTarget
    from tests.bench.reputation.traffic import Senders

_AT_ONCE = 50
_NETWORKS = range(int(IPv4Address("16.0.0.0")), int(IPv4Address("48.0.0.0")), 1 << 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCost:
    """CPU a message, of all threads of the process."""

    parts: tuple[tuple[str, float], ...]
    """In microseconds, each with what it is for."""

    @property
    def cpu_us(self) -> float:
        """All of it."""
        return sum(cpu_us for _, cpu_us in self.parts)


def measure_stage(target: RedisTarget, senders: Senders, *, messages: int, rounds: int, seed: int) -> StageCost:
    """Put messages with SPF, DKIM and DMARC of random senders through the stage; the best of some rounds each."""
    lineage = make_lineage(public_suffixes, _systems())
    rng = Random(seed)
    numbers = [rng.randrange(senders.count) for _ in range(messages)]
    with opened(target) as records:
        stage = ReputationStage(ReputationStore(records, lineage), lineage, ReputationSettings(scale=DEFAULT_SCALE))
        with _no_garbage_collected():
            passes = [_pass(stage, records.flush, senders, numbers) for _ in range(rounds)]
    asked, taught, sent = (min(one[place] for one in passes) / messages * 1e6 for place in range(3))
    return StageCost(
        parts=(
            ("asking what is known, and what it comes to", asked),
            ("teaching, after the answer", taught),
            ("sending what was taught, in the background", sent),
        )
    )


def _pass(
    stage: ReputationStage, flush: Callable[[], None], senders: Senders, numbers: list[int]
) -> tuple[float, float, float]:
    asked_s = taught_s = sent_s = 0.0
    for start in range(0, len(numbers), FLUSH_AFTER):
        for place in range(start, min(start + FLUSH_AFTER, len(numbers)), _AT_ONCE):
            transactions = list(_transactions(senders, numbers[place : place + _AT_ONCE]))
            started_s = time.process_time()
            for transaction in transactions:
                stage.consult(transaction)
            between_s = time.process_time()
            for transaction in transactions:
                stage.learn(transaction, EVALUATED)
            asked_s += between_s - started_s
            taught_s += time.process_time() - between_s
        started_s = time.process_time()
        flush()
        sent_s += time.process_time() - started_s
    return asked_s, taught_s, sent_s


@contextmanager
def _no_garbage_collected() -> Iterator[None]:
    """As in a worker, which collects it now and then on a thread that no message waits for."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _systems() -> AsnTable:
    """A table in which each /18 that senders are in is somebody else's."""
    return AsnTable((4, (first, first + _NETWORKS.step - 1, 1 + place)) for place, first in enumerate(_NETWORKS))


def _transactions(senders: Senders, numbers: list[int]) -> Iterator[Transaction]:
    for place, number in enumerate(numbers):
        identities = {identity.kind.value: identity.name for identity in senders.message(number)}
        address, _, client = identities["pair"].rpartition("/")
        yield _transaction(f"m{place}", address, client, identities["spf"])


def _transaction(name: str, address: str, client: str, envelope: str) -> Transaction:
    domain = address.rpartition("@")[2]
    made = Transaction(name, started_s=time.time())
    made.origin = Origin(
        direction=Direction.INBOUND,
        reason="bench",
        client=ip_address(client),
        helo=f"mx.{domain}",
        client_name=f"mx.{domain}",
    )
    made.sender = Sender(address=EnvelopeAddress(f"b@{envelope}"))
    made.recipients = [Recipient(address=EnvelopeAddress("user@example.net"))]
    made.fields = [HeaderField(b"From", f" {address}".encode()), HeaderField(b"Subject", b" The minutes")]
    facts = made.facts
    facts.iprev = IprevResult(status=IprevStatus.PASS, name=f"mx.{domain}")
    facts.spf = SpfResult(
        status=SpfStatus.PASS,
        scope=SpfScope.MFROM,
        domain=envelope,
        identity=f"b@{envelope}",
        mechanism="ip4:16.0.0.0/8",
    )
    facts.dkim = (
        DkimResult(status=DkimStatus.PASS, domain=domain, selector="s1", signature_prefix=name, algorithm="rsa-sha256"),
    )
    facts.dmarc = DmarcResult(
        status=DmarcStatus.PASS, domain=domain, org_domain=domain, policy=DmarcPolicy.REJECT, policy_domain=domain,
        aligned_by=("spf", f"dkim:{domain}"),
    )  # fmt: skip
    facts.findings = {"header": (Finding("DATE_IN_FUTURE"),), "body": ()}
    made.decision = Decision(verdict=Verdict.HAM, reason="score 0")
    made.plan = NOTHING
    return made
