# SPDX-License-Identifier: GPL-3.0-or-later
"""The same on one server, behind sentinels, and on a cluster."""

from __future__ import annotations

import struct
import time

import pytest

from postward.errors import TemporaryFailure
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Correspondence, Evidence, Record
from postward.observability.logger import EventLog
from postward.store.reputation.keys import FAST, HISTORY, correspondence_key, key_of
from postward.store.reputation.record import pack, unpack

IP = Identity(IdentityKind.IP, "192.0.2.1")
NETWORK = Identity(IdentityKind.NETWORK, "192.0.2.0/24")
DOMAIN = Identity(IdentityKind.AUTHOR_DOMAIN, "example.com")
PAIR = Identity(IdentityKind.PAIR, "ann@example.com/192.0.2.1")
LOGIN = Identity(IdentityKind.LOGIN, "bob@example.org")
TENANT = Identity(IdentityKind.TENANT, "example.org")
ALL = (EVERYBODY, IP, NETWORK, DOMAIN, PAIR, LOGIN, TENANT)
GOOD, BAD = Evidence(good=1, seen=1), Evidence(bad=1, seen=1)
DAY_S = 86_400
NEAR = pytest.approx(1.0, abs=0.01)
HOSTILE = ("", "a b", "}{", "\x00", "x" * 65_536, "\udcff", "é", "a\r\nFLUSHALL\r\n", "*", "%7D", "#", "a:b")


@pytest.fixture
def admin(servers):
    with servers.admin() as client:
        yield client


def add(records, *identities, evidence=GOOD, times=1):
    for _ in range(times):
        records.add(dict.fromkeys(identities, evidence))
    records.flush()


def seen(records, identity):
    standing = records.fetch([identity]).standings.get(identity)
    return standing.slow.seen if standing else 0


def test_what_is_added_is_read_in_one_go(records, watched):
    records.add({IP: GOOD, NETWORK: BAD, LOGIN: Evidence(good=0.5, hard=2, seen=1)})
    records.add({IP: GOOD})
    records.flush()
    standings = records.fetch([*ALL, IP]).standings
    assert set(standings) == {IP, NETWORK, LOGIN}
    assert standings[IP].slow.good == pytest.approx(2, abs=0.01)
    assert standings[IP].slow.seen == 2
    assert standings[IP].fast is None
    assert (standings[NETWORK].slow.good, standings[NETWORK].slow.bad) == (0, NEAR)
    for record in (standings[LOGIN].slow, standings[LOGIN].fast):
        assert (record.good, record.bad, record.hard) == (pytest.approx(0.5, abs=0.05), 0, pytest.approx(2, abs=0.1))
        assert abs(record.last_s - time.time()) < 60
    assert records.pending == 0
    assert not watched.words
    assert not watched.lost_keys


def test_nothing_is_known_of_anybody_at_first(records):
    known = records.fetch(ALL, [Correspondence("a", "b")])
    assert (dict(known.standings), known.correspondences) == ({}, frozenset())
    assert dict(records.fetch([]).standings) == {}
    assert list(records.scan()) == []
    assert list(records.dump()) == []
    assert not records.forget(IP)


def test_hostile_names_are_identities_like_all_others(records):
    identities = [Identity(kind, name) for kind in IdentityKind for name in HOSTILE if kind is not IdentityKind.ALL]
    for number, identity in enumerate(identities):
        records.add({identity: Evidence(good=1, seen=number + 1)})
    records.flush()
    standings = records.fetch(identities).standings
    assert [standings[identity].slow.seen for identity in identities] == list(range(1, len(identities) + 1))


def test_evidence_fades_when_it_is_read_later(servers, records, open_records):
    add(records, LOGIN, evidence=Evidence(good=4, bad=2, hard=8, seen=6))
    later = open_records(servers.target, clock=lambda: time.time() + 14 * DAY_S)
    slow = later.fetch([LOGIN]).standings[LOGIN].slow
    assert (slow.good, slow.bad, slow.seen) == (pytest.approx(2, rel=0.01), pytest.approx(1, rel=0.01), 6)
    assert slow.hard == pytest.approx(8 * 2 ** (-14 / 45), rel=0.01)
    soon = open_records(servers.target, clock=lambda: time.time() + 1_800)
    fast = soon.fetch([LOGIN]).standings[LOGIN].fast
    assert (fast.good, fast.hard) == (pytest.approx(2, rel=0.05), pytest.approx(4, rel=0.05))


def test_evidence_fades_when_something_is_added(records, admin):
    first_s = int(time.time()) - 45 * DAY_S
    admin.set(key_of(IP), pack(Record(good=8, bad=4, hard=6, seen=12, first_s=first_s, last_s=first_s)))
    add(records, IP, evidence=Evidence(good=1, bad=2, hard=3, seen=3))
    record = unpack(admin.get(key_of(IP)))
    softly = 2 ** (-45 / 14)
    assert record.good == pytest.approx(8 * softly + 1, rel=0.001)
    assert record.bad == pytest.approx(4 * softly + 2, rel=0.001)
    assert (record.hard, record.seen) == (pytest.approx(6, rel=0.001), 15)
    assert record.first_s == first_s
    assert abs(record.last_s - time.time()) < 60


def test_all_of_it_is_forgotten_some_time_after_the_last_message(records, admin):
    records.note([Correspondence("bob@example.org", "ann@example.com")])
    add(records, LOGIN)
    ages = [admin.ttl(key) for key in (key_of(LOGIN), key_of(LOGIN) + FAST, key_of(LOGIN) + HISTORY)]
    assert ages == [pytest.approx(days * DAY_S, abs=600) for days in (90, 1, 60)]
    noted = admin.ttl(correspondence_key("bob@example.org", "ann@example.com"))
    assert noted == pytest.approx(90 * DAY_S, abs=600)


def test_amounts_that_are_none_count_nothing(records):
    for amount in (float("nan"), float("inf"), -1.0):
        add(records, IP, evidence=Evidence(good=amount, bad=1, hard=amount, seen=1))
    slow = records.fetch([IP]).standings[IP].slow
    assert (slow.good, slow.bad, slow.hard, slow.seen) == (0, pytest.approx(3, abs=0.01), 0, 3)


@pytest.mark.parametrize(
    "value",
    [b"", b"x" * 40, b"x" * 45, b"\xff" * 44, struct.pack("<ddddIII", -1, 1, 1, 1, 1, 1, 0)],
)
def test_what_is_no_record_is_told_and_never_trusted_and_gone_with_the_next_message(records, admin, watched, value):
    for key in (key_of(LOGIN), key_of(LOGIN) + FAST):
        admin.set(key, value)
    assert dict(records.fetch([LOGIN]).standings) == {}
    assert watched.refused_values == 2
    assert [len(standing) for standing in records.scan()] == []
    add(records, LOGIN)
    assert watched.refused_values == 6
    standing = records.fetch([LOGIN]).standings[LOGIN]
    assert (standing.slow.good, standing.fast.good) == (NEAR, NEAR)


def test_what_is_no_string_is_gone_with_the_next_message(records, admin, watched):
    admin.rpush(key_of(LOGIN), "x")
    admin.hset(key_of(LOGIN) + HISTORY, "x", "x")
    assert dict(records.fetch([LOGIN]).standings) == {}
    assert records.history(LOGIN) == ()
    assert list(records.dump()) == []
    add(records, LOGIN)
    assert seen(records, LOGIN) == 1
    assert records.history(LOGIN)[0].good == 1
    assert watched.refused_values >= 2


def test_our_own_senders_have_a_history_from_the_first_message_on(records):
    add(records, LOGIN, times=3)
    add(records, LOGIN, evidence=Evidence(bad=0.5, hard=1, seen=2))
    (day,) = records.history(LOGIN)
    assert (day.good, day.bad, day.hard, day.seen) == (3, 0.5, 1, 5)
    assert abs(day.day.toordinal() - 719_163 - time.time() / DAY_S) < 1.1


def test_others_have_one_when_they_have_sent_some_and_not_only_good_mail(records):
    add(records, IP, times=30)
    add(records, DOMAIN, evidence=BAD, times=10)
    records.flush()
    assert records.history(IP) == records.history(DOMAIN) == ()
    add(records, IP, evidence=BAD)
    add(records, DOMAIN, evidence=BAD, times=10)
    add(records, IP, times=2)
    records.flush()
    assert [(day.good, day.bad) for day in records.history(IP)] == [(2, 1)]
    assert [(day.good, day.bad) for day in records.history(DOMAIN)] == [(0, 10)]


def test_correspondents_are_remembered_each_with_his_own_direction(records):
    pairs = [Correspondence("bob@example.org", f"friend{number}@example.com") for number in range(150)]
    records.note(pairs)
    records.note(pairs[:10])
    assert records.pending == 150
    records.flush()
    back = Correspondence(pairs[0].other, pairs[0].user)
    known = records.fetch([IP], [*pairs, back, Correspondence("bob@example.org", "stranger@example.com")])
    assert known.correspondences == frozenset(pairs)
    assert records.pending == 0


@pytest.mark.parametrize("value", [b"", b"0", b"11", b"x" * 44, b"\xff"])
def test_what_is_no_correspondence_is_told_and_trusts_nobody(records, admin, watched, value):
    pair = Correspondence("bob@example.org", "friend@example.com")
    admin.set(correspondence_key(pair.user, pair.other), value)
    assert records.fetch([], [pair]).correspondences == frozenset()
    assert watched.refused_values == 1
    records.note([pair])
    records.flush()
    assert records.fetch([], [pair]).correspondences == {pair}


def test_a_list_in_the_place_of_a_correspondence_trusts_nobody(records, admin):
    pair = Correspondence("bob@example.org", "friend@example.com")
    admin.rpush(correspondence_key(pair.user, pair.other), "1")
    assert records.fetch([], [pair]).correspondences == frozenset()


def test_one_who_is_forgotten_begins_anew(records, admin):
    add(records, LOGIN, PAIR)
    records.add({LOGIN: GOOD})
    assert records.forget(LOGIN)
    records.flush()
    assert set(records.fetch(ALL).standings) == {PAIR}
    assert records.history(LOGIN) == ()
    assert not records.forget(LOGIN)
    add(records, LOGIN)
    assert seen(records, LOGIN) == 1


def test_all_are_found_or_all_of_one_kind(records, admin):
    admin.set("pw:r{z:unknown}", b"x" * 44)
    admin.set("other", b"x" * 44)
    add(records, *ALL)
    add(records, *(Identity(IdentityKind.IP, f"10.1.{number // 256}.{number % 256}") for number in range(2_000)))
    told = []
    found = dict(records.scan(progress=lambda looked, total: told.append((looked, total))))
    assert len(found) == 2_000 + len(ALL)
    assert found[LOGIN].fast.good == NEAR
    assert found[EVERYBODY].slow.good == NEAR
    assert told[-1][0] == told[-1][1] >= 2_000
    assert sorted(told) == told
    for kind in IdentityKind:
        assert {identity.kind for identity, _ in records.scan(kind)} <= {kind}
    assert [identity for identity, _ in records.scan(IdentityKind.LOGIN)] == [LOGIN]
    assert len(dict(records.scan(IdentityKind.IP))) == 2_001


def test_what_was_dumped_can_be_put_back_as_often_as_one_likes(servers, records):
    long = Identity(IdentityKind.AUTHOR_DOMAIN, "a" * 300)
    pair = Correspondence("bob@example.org", "ann@example.com")
    records.note([pair])
    add(records, *ALL, long, evidence=BAD, times=3)
    dumped = {str(saved): saved for saved in records.dump()}
    assert len(dumped) == len(ALL) + 2
    for _ in range(2):
        add(records, *ALL, long, times=2)
        assert records.restore(list(dumped.values())) == len(dumped)
        assert {str(saved) for saved in records.dump()} == set(dumped)
    for master in servers.masters:
        master.ask("FLUSHALL")
    records.restore(list(dumped.values()))
    assert {str(saved) for saved in records.dump()} == set(dumped)
    assert seen(records, long) == 3
    assert records.fetch([], [pair]).correspondences == {pair}
    assert records.history(LOGIN)[0].bad == 3


def test_what_would_be_forgotten_by_now_is_not_put_back(servers, records, open_records):
    add(records, IP, LOGIN)
    records.note([Correspondence("a", "b")])
    records.flush()
    dumped = list(records.dump())
    later = open_records(servers.target, clock=lambda: time.time() + 91 * DAY_S)
    assert later.restore(dumped) == 0
    assert list(records.dump()) == []


def test_two_workers_add_to_the_same(servers, records, open_records):
    other = open_records(servers.target)
    for number in range(50):
        (records, other)[number % 2].add({EVERYBODY: GOOD, Identity(IdentityKind.ASN, str(number)): GOOD})
        (records, other)[number % 2].flush()
    assert seen(records, EVERYBODY) == 50


def test_closed_it_has_sent_what_was_added(servers, records, open_records, watched):
    other = open_records(servers.target)
    other.add({IP: GOOD})
    other.close()
    assert seen(records, IP) == 1
    assert not watched.lost_keys


def test_a_thread_sends_what_is_added(servers, open_records, records):
    other = open_records(servers.target)
    other.start(EventLog(fd=-1))
    other.add({IP: GOOD})
    until_s = time.monotonic() + 60
    while not seen(records, IP):
        assert time.monotonic() < until_s
        time.sleep(0.02)


def test_what_has_no_room_is_told(servers, open_records, watched):
    records = open_records(servers.target, most_pending=3)
    records.add(dict.fromkeys(ALL[:5], GOOD))
    records.add(dict.fromkeys(ALL[:5], GOOD))
    records.note([Correspondence("a", str(number)) for number in range(5)])
    assert watched.lost_keys == {"full": 2 + 2 + 2}
    records.flush()
    assert {identity: standing.slow.seen for identity, standing in records.scan()} == dict.fromkeys(ALL[:3], 2)


def test_nothing_is_read_once_the_calls_are_closed(servers, open_records):
    records = open_records(servers.target)
    records._calls.close()
    with pytest.raises(TemporaryFailure, match="closed"):
        records.fetch([IP])
