# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is asked to come again, at which stage, and by what load."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from postward.checks.origin import OriginSettings
from postward.model.connection import Authentication, Connection
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.header import HeaderField
from postward.model.load import IDLE, Load, SheddingStage
from postward.model.reputation import Correspondence
from postward.model.transaction import REDIS_BUDGET_S, Transaction
from postward.pipeline.shedding import BUSY, LoadShedding, SheddingSettings
from postward.pipeline.shedding import Sender as SenderWord
from postward.pipeline.shedding_bar import Lots
from postward.signing.return_path import Returned
from tests.clock import Clock

MAIL, RCPT, END = SheddingStage
GOOD, BAD, NEW = "192.0.2.1", "198.51.100.1", "203.0.113.1"
RELAY, RELAY_WITHIN = "192.0.2.200", "10.1.2.200"
RELAYS = (ip_network(RELAY), ip_network(RELAY_WITHIN))
TRUST = {GOOD: 0.97, BAD: 0.05}
BOB = Recipient(address=EnvelopeAddress("bob@example.net"))
FRIEND = "friend@example.com"
TOKEN = Recipient(address=EnvelopeAddress("bounce+token@example.net"))


class Book:
    """Knows what ``TRUST`` says of clients, at once or when it is asked and waited for."""

    def __init__(self, clock, *, knows_at_once=True):
        self.clock = clock
        self.knows_at_once = knows_at_once
        self.looked_up = []
        self.waited = []
        self.asked_pairs = set()
        self.is_closed = False

    def trust(self, client):
        known = self.knows_at_once or client in self.waited
        return TRUST.get(str(client), 0.5) if known else None

    def written_to(self, pairs):
        if not set(pairs) <= self.asked_pairs:
            return None
        return any(pair.other == FRIEND for pair in pairs)

    def look_up(self, client):
        self.looked_up.append(str(client))

    def ask(self, client, pairs, timeout_s):
        self.clock.now_s += min(0.1, timeout_s)
        self.waited.append(client)
        self.asked_pairs |= set(pairs)

    def close(self):
        self.is_closed = True


class Watcher:
    def __init__(self):
        self.sent_away = []
        self.loads = []

    def shed(self, stage, _transaction, sender, _load):
        self.sent_away.append((stage, sender))

    def load(self, load):
        self.loads.append(load)


class Paths:
    def read(self, address, _now_s):
        return Returned(address="alice@example.net") if address.startswith("bounce+token@") else None


class NoChance(Lots):
    def spread(self, trust, _client, _now_s):
        return trust


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book(clock):
    return Book(clock)


@pytest.fixture
def watcher():
    return Watcher()


@pytest.fixture
def shedding(book, watcher, clock):
    return make(book, watcher, clock)


def make(book, watcher, clock, *, paths=None, pair=Correspondence):
    settings = SheddingSettings(
        origin=OriginSettings(local_networks=(ip_network("10.0.0.0/8"),), trusted_relays=RELAYS)
    )
    return LoadShedding(
        settings, NoChance(b"s"), watcher, book=book, return_paths=paths or Paths(), pair=pair, monotonic=clock
    )


def message(client, sender="a@example.com", *, user="", daemon=""):
    transaction = Transaction("t1", started_s=1_800_000_000.0)
    transaction.connection = Connection(address=ip_address(client) if client else None, daemon_name=daemon)
    transaction.authentication = Authentication(user=user)
    transaction.sender = Sender(address=EnvelopeAddress(sender))
    return transaction


def others(load):
    return Load(others=load, ours=0.0)


def stages(shedding, transaction, load, recipient=BOB):
    """At which stages the client is sent away."""
    found = []
    for stage, recipients in ((MAIL, ()), (RCPT, (recipient,)), (END, (recipient,))):
        reply = shedding.refusal(stage, transaction, recipients, load)
        assert reply in {None, BUSY}
        found += [stage] if reply is not None else []
    return found


def test_the_answer_is_never_for_good():
    assert (BUSY.code, BUSY.enhanced) == (451, "4.7.1")


@pytest.mark.parametrize("client", [GOOD, BAD, NEW])
def test_at_rest_nobody_is_sent_away_and_nobody_looked_up(shedding, book, client):
    transaction = message(client)
    shedding.client_known(transaction, others(0.3))
    assert stages(shedding, transaction, others(0.69)) == []
    assert book.looked_up == book.waited == []


@pytest.mark.parametrize(
    ("load", "good", "new", "bad"),
    [
        (0.72, [], [], [MAIL, RCPT, END]),
        (0.84, [], [], [MAIL, RCPT, END]),
        (0.86, [], [RCPT, END], [MAIL, RCPT, END]),
        (1.2, [], [RCPT, END], [MAIL, RCPT, END]),
        (1.3, [RCPT, END], [RCPT, END], [MAIL, RCPT, END]),
        (2.0, [MAIL, RCPT, END], [MAIL, RCPT, END], [MAIL, RCPT, END]),
    ],
)
def test_the_least_trusted_go_first_and_at_the_earliest_stage(shedding, load, good, new, bad):
    assert [stages(shedding, message(client), others(load)) for client in (GOOD, NEW, BAD)] == [good, new, bad]


def test_the_watcher_hears_of_it(shedding, watcher):
    shedding.refusal(MAIL, message(BAD), (), others(0.8))
    shedding.refusal(RCPT, message(NEW), (BOB,), others(0.9))
    assert watcher.sent_away == [(MAIL, SenderWord.BAD), (RCPT, SenderWord.OTHER)]


@pytest.mark.parametrize(
    ("client", "user", "daemon"),
    [(BAD, "alice", ""), ("127.0.0.1", "", ""), ("10.1.2.3", "", ""), (NEW, "", "ORIGINATING"), ("", "", "")],
)
def test_mail_of_our_own_is_not_sent_away_for_that_of_others(shedding, client, user, daemon):
    transaction = message(client, user=user, daemon=daemon)
    assert shedding.is_ours(transaction)
    assert stages(shedding, transaction, others(50.0)) == []


def test_before_a_user_of_ours_is_sent_away_all_others_are(shedding, watcher):
    user, friend = message(BAD, user="alice"), message(GOOD, FRIEND)
    for tenths in range(20):
        assert stages(shedding, user, Load(others=0.0, ours=tenths / 10)) == []
    full = Load(others=0.0, ours=2.0)
    assert stages(shedding, friend, full) == stages(shedding, user, full) == [MAIL, RCPT, END]
    assert watcher.sent_away[-1] == (END, SenderWord.OURS)


def test_others_make_room_for_users_of_ours(shedding):
    assert stages(shedding, message(NEW), Load(others=0.5, ours=0.1)) == []
    assert stages(shedding, message(NEW), Load(others=0.5, ours=0.5)) == [RCPT, END]


def test_a_correspondent_of_ours_goes_last(shedding, book):
    assert stages(shedding, message(NEW, FRIEND), others(1.9)) == []
    assert stages(shedding, message(NEW, FRIEND), others(2.0)) == [MAIL, RCPT, END]
    assert len(book.waited) == 1, "what was answered at RCPT is remembered at the end"


def test_one_correspondent_among_the_recipients_is_enough_at_the_end(book, watcher, clock):
    shedding = make(
        book, watcher, clock, pair=lambda user, other: Correspondence(user, other if user == "bob@example.net" else "")
    )
    many = [Recipient(address=EnvelopeAddress(f"u{number}@example.net")) for number in range(5)]
    assert shedding.refusal(END, message(NEW, FRIEND), [*many, BOB], others(1.0)) is None
    assert shedding.refusal(END, message(NEW, FRIEND), many, others(1.0)) == BUSY


def test_a_bounce_of_our_mail_goes_last_and_any_other_bounce_does_not(shedding):
    assert stages(shedding, message(NEW, ""), others(1.9), TOKEN) == []
    assert stages(shedding, message(NEW, ""), others(1.9), BOB) == [RCPT, END]


def test_where_nobody_can_vouch_for_it_a_client_is_sent_away_at_once(watcher, clock):
    shedding = make(None, watcher, clock, pair=None)
    assert stages(shedding, message(NEW), others(0.9)) == [MAIL, RCPT, END]
    assert stages(shedding, message(NEW), others(0.8)) == []


def test_who_is_not_remembered_is_looked_up_ahead_and_asked_for_when_it_counts(watcher, clock):
    book = Book(clock, knows_at_once=False)
    shedding, transaction = make(book, watcher, clock), message(BAD)
    shedding.client_known(transaction, others(0.55))
    assert shedding.refusal(MAIL, transaction, (), others(0.8)) is None
    assert (book.looked_up, book.waited) == ([BAD, BAD], [])
    assert shedding.refusal(RCPT, transaction, (BOB,), others(0.8)) == BUSY
    assert transaction.redis_budget.left_s == pytest.approx(REDIS_BUDGET_S - 0.1), "client and pair in one question"


def test_all_that_is_waited_for_one_message_is_within_its_budget(watcher, clock):
    book = Book(clock, knows_at_once=False)
    book.trust = lambda _client: None
    shedding, transaction = make(book, watcher, clock), message(NEW)
    began_s = clock.now_s
    for _ in range(10):
        shedding.refusal(RCPT, transaction, (BOB,), others(0.9))
    assert clock.now_s - began_s == pytest.approx(REDIS_BUDGET_S)


def relayed(client, sender="a@example.com", *, relay=RELAY):
    """A message that a relay passes on, with what it has recorded."""
    transaction = message(relay, sender)
    line = f" from {client} (unknown [{client}]) by mx2.example.net with ESMTP; Mon, 1 Jan 2026 00:00:00 +0000"
    transaction.fields.append(HeaderField(b"Received", line.encode()))
    return transaction


@pytest.mark.parametrize(
    ("load", "good", "new", "bad"),
    [
        (0.72, [], [], [END]),
        (0.86, [], [END], [END]),
        (1.2, [], [END], [END]),
        (1.3, [RCPT, END], [RCPT, END], [RCPT, END]),
        (2.0, [MAIL, RCPT, END], [MAIL, RCPT, END], [MAIL, RCPT, END]),
    ],
)
def test_of_mail_from_a_relay_its_sender_counts_as_soon_as_he_is_known(shedding, load, good, new, bad):
    for relay in (RELAY, RELAY_WITHIN):
        sent_away = [stages(shedding, relayed(client, relay=relay), others(load)) for client in (GOOD, NEW, BAD)]
        assert sent_away == [good, new, bad]


def test_a_relay_is_nobody_of_ours_and_not_looked_up(shedding, book):
    transaction = relayed(NEW, relay=RELAY_WITHIN)
    assert not shedding.is_ours(transaction)
    shedding.client_known(transaction, others(0.9))
    assert book.looked_up == []
    transaction.authentication = Authentication(user="alice")
    assert shedding.is_ours(transaction)


def test_a_correspondent_behind_a_relay_goes_last(shedding):
    assert stages(shedding, relayed(NEW, FRIEND), others(1.9)) == []


def test_what_a_relay_says_nothing_of_is_of_somebody_unknown(shedding):
    assert stages(shedding, message(RELAY), others(0.8)) == []
    assert stages(shedding, message(RELAY), others(0.9)) == [END]


def test_a_message_without_a_sender_is_left_to_those_who_judge(shedding):
    transaction = Transaction("t1", started_s=1_800_000_000.0)
    transaction.connection = Connection(address=ip_address(BAD))
    assert shedding.refusal(END, transaction, (BOB,), others(1.0)) is None


def test_the_load_is_told(shedding, watcher, book):
    shedding.tell(others(0.5))
    shedding.close()
    assert watcher.loads == [others(0.5), IDLE]
    assert book.is_closed
