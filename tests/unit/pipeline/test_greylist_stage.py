# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.actions.greylist_decision import COME_AGAIN, GreylistExemptions
from postward.checks.examination import Examination
from postward.dns.zone import ZoneLookup
from postward.errors import TemporaryFailure
from postward.mime.stored_message import take_message
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.greylisting import GreylistStatus
from postward.model.origin import Direction, Origin
from postward.model.redis_url import parse_redis_url
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict
from postward.pipeline.greylist_stage import GreylistSettings, GreylistStage, GreylistTrial
from postward.store.breaker import Pauses
from postward.store.greylist import GreylistTimes, RedisGreylist
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch

PATIENT = CallBounds(wait_s=20, hold_s=20, pauses=Pauses(first_s=0))
NOW_S = 1_790_000_000.0
SETTINGS = GreylistSettings(delay_s=300, exemptions=GreylistExemptions(networks=(ip_network("198.51.100.0/24"),)))
SUSPECT = Decision(verdict=Verdict.SUSPECT, reason="score 4 of 3")
HAM = Decision(verdict=Verdict.HAM, reason="score 0")


@pytest.fixture(scope="module")
def redis_server():
    with Scratch() as folder, RedisServer(folder / "redis") as server:
        yield server


@pytest.fixture
def now_s():
    """The clock by which the stage notes known senders."""
    return [0.0]


@pytest.fixture
def stage(redis_server, now_s):
    """A stage with an empty memory."""
    calls = TimedCalls(parse_redis_url(redis_server.url), PATIENT)
    yield GreylistStage(RedisGreylist(calls, GreylistTimes(delay_s=300)), SETTINGS, clock=lambda: now_s[0])
    calls.close()
    redis_server.stop()
    redis_server.start()


class Telling:
    """One message on its way through a stage."""

    def __init__(
        self, *, client="203.0.113.9", author="", text="Buy now.", recipient="bob@example.net",
        sender="a@bulk.example", direction=Direction.INBOUND,
    ):  # fmt: skip
        self.transaction = Transaction("t", started_s=0)
        self.transaction.sender = Sender(address=EnvelopeAddress(sender))
        self.transaction.recipients.append(Recipient(address=EnvelopeAddress(recipient)))
        self.transaction.origin = Origin(direction=direction, reason="r", client=ip_address(client), helo="")
        if author:
            self.transaction.facts.dmarc = DmarcResult(status=DmarcStatus.PASS, domain=author)
        take_message(self.transaction, f"Subject: Offer\r\n\r\n{text}\r\n".encode())

    def through(self, stage, decision=SUSPECT, *, after_s=0.0):
        examination = Examination(self.transaction, ZoneLookup({}), NOW_S + after_s)
        self.decision = stage.judge(self.transaction, decision, examination)
        return self

    @property
    def result(self):
        return self.transaction.facts.greylisting

    @property
    def status(self):
        return self.result and self.result.status


def test_a_suspect_passes_when_it_comes_again_and_not_too_soon(stage):
    first = Telling().through(stage)
    assert (first.decision.verdict, first.decision.reply) == (Verdict.DEFER, COME_AGAIN)
    assert (first.status, first.result.wait_s) == (GreylistStatus.DELAYED, 300)
    soon = Telling().through(stage, after_s=100)
    assert (soon.decision.verdict, soon.result.wait_s) == (Verdict.DEFER, 200)
    assert soon.result.reason == "it has come again after 100 s, which is too soon"
    late = Telling().through(stage, after_s=300)
    assert (late.decision, late.status) == (SUSPECT, GreylistStatus.PASSED)
    assert late.result.reason == "its envelope is known for 300 s"


def test_it_may_come_again_from_another_host_of_the_network(stage):
    Telling(client="203.0.113.9").through(stage)
    assert Telling(client="203.0.113.200").through(stage, after_s=300).decision is SUSPECT


def test_it_may_come_again_from_another_network_for_its_text_is_known(stage):
    Telling(client="203.0.113.9").through(stage)
    again = Telling(client="192.0.2.1", sender="b@other.example").through(stage, after_s=300)
    assert (again.decision, again.result.reason) == (SUSPECT, "its text is known for 300 s")


def test_another_text_from_another_network_is_new(stage):
    Telling(client="203.0.113.9").through(stage)
    assert Telling(client="192.0.2.1", text="Buy later.").through(stage, after_s=300).status is GreylistStatus.DELAYED


def test_who_has_come_again_once_need_not_with_the_next_message(stage):
    Telling().through(stage)
    Telling().through(stage, after_s=300)
    assert Telling(text="Another offer.").through(stage, after_s=86_400).decision is SUSPECT


def test_the_same_to_somebody_else_is_new(stage):
    Telling().through(stage)
    assert Telling(recipient="eve@example.net").through(stage, after_s=300).status is GreylistStatus.DELAYED


def test_a_bounce_has_to_come_again_too(stage):
    assert Telling(sender="").through(stage).status is GreylistStatus.DELAYED
    assert Telling(sender="").through(stage, after_s=300).status is GreylistStatus.PASSED


def test_a_domain_that_passes_dmarc_and_has_sent_good_mail_is_known_everywhere(stage):
    assert Telling(author="shop.example").through(stage).status is GreylistStatus.DELAYED
    good = Telling(author="shop.example", text="Your order.").through(stage, HAM)
    assert (good.decision, good.status) == (HAM, None)
    again = Telling(author="shop.example", client="192.0.2.77", text="Sale.", recipient="eve@example.net").through(
        stage
    )
    assert (again.decision, again.result.reason) == (SUSPECT, "DMARC passes, and the domain is known")


def test_a_domain_that_passes_dmarc_is_known_when_it_has_come_again(stage):
    Telling(author="shop.example").through(stage)
    Telling(author="shop.example").through(stage, after_s=300)
    other = Telling(author="shop.example", client="192.0.2.77", text="Sale.").through(stage, after_s=301)
    assert other.status is GreylistStatus.PASSED


def test_good_mail_without_a_pass_makes_nobody_known(stage):
    Telling().through(stage, HAM)
    assert Telling(author="shop.example").through(stage).status is GreylistStatus.DELAYED


def test_a_known_domain_in_from_without_a_pass_does_not_help(stage):
    Telling(author="shop.example").through(stage, HAM)
    forged = Telling(text="I am shop.example.")
    forged.transaction.facts.dmarc = DmarcResult(status=DmarcStatus.FAIL, domain="shop.example")
    assert forged.through(stage).status is GreylistStatus.DELAYED


@pytest.mark.parametrize(
    ("direction", "verdict"),
    [
        (Direction.INBOUND, Verdict.HAM),
        (Direction.INBOUND, Verdict.JUNK),
        (Direction.INBOUND, Verdict.QUARANTINE),
        (Direction.INBOUND, Verdict.REJECT),
        (Direction.OUTBOUND, Verdict.SUSPECT),
        (Direction.REINJECTED, Verdict.SUSPECT),
        (Direction.LOOPBACK, Verdict.SUSPECT),
    ],
)
def test_mail_that_is_no_suspect_from_outside_is_left_alone(stage, direction, verdict):
    decision = Decision(verdict=verdict, reason="r")
    told = Telling(direction=direction).through(stage, decision)
    assert (told.decision, told.result) == (decision, None)


def test_an_exempt_sender_does_not_wait(stage):
    told = Telling(client="198.51.100.3").through(stage)
    assert (told.decision, told.result.reason) == (SUSPECT, "the client's network is exempt")


def test_without_redis_it_passes_and_says_so(stage, redis_server):
    redis_server.stop()
    try:
        told = Telling().through(stage)
        good = Telling(author="shop.example").through(stage, HAM)
    finally:
        redis_server.start()
    assert (told.decision, told.status) == (SUSPECT, GreylistStatus.UNKNOWN)
    assert told.result.reason.startswith("Redis ConnectionError")
    assert told.transaction.facts.not_checked == {"greylisting": "Redis did not answer"}
    assert (good.decision, good.transaction.facts.not_checked) == (HAM, {})


class Counting:
    """A memory that counts who is noted."""

    def __init__(self):
        self.noted = []

    def recall(self, **_question):
        raise TemporaryFailure("is not asked here")

    def note_sender(self, sender):
        self.noted.append(sender)


def test_a_busy_sender_is_noted_twice_a_day(now_s):
    memory = Counting()
    stage = GreylistStage(memory, SETTINGS, clock=lambda: now_s[0])
    for minute in range(60):
        now_s[0] = minute * 60.0
        Telling(author="shop.example").through(stage, HAM)
    assert memory.noted == ["shop.example"]
    now_s[0] = 86_400.0
    Telling(author="shop.example").through(stage, HAM)
    assert memory.noted == ["shop.example"] * 2


def test_a_trial_tells_what_a_suspect_may_expect_and_changes_nothing():
    told = Telling().through(GreylistTrial(SETTINGS))
    assert (told.decision, told.status, told.result.wait_s) == (SUSPECT, GreylistStatus.DELAYED, 300)
    exempt = Telling(client="198.51.100.3").through(GreylistTrial(SETTINGS))
    assert exempt.status is GreylistStatus.PASSED
    assert Telling().through(GreylistTrial(SETTINGS), HAM).result is None
