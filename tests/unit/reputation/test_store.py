# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Correspondence, Evidence
from postward.reputation.estimate import FAIR
from postward.reputation.lineage import Lineage
from postward.reputation.store import ReputationStore
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.scratch import Scratch
from tests.redis_servers.single import SingleRedis

IP = Identity(IdentityKind.IP, "192.0.2.1")
NETWORK = Identity(IdentityKind.NETWORK, "192.0.2.0/24")
DOMAIN = Identity(IdentityKind.AUTHOR_DOMAIN, "mail.example.com")
ORGANIZATION = Identity(IdentityKind.ORGANIZATION, "example.com")
PAIR = Identity(IdentityKind.PAIR, "ann@mail.example.com/192.0.2.1")
LOGIN = Identity(IdentityKind.LOGIN, "bob@example.org")
TENANT = Identity(IdentityKind.TENANT, "example.org")


@pytest.fixture(scope="module")
def server():
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        yield server


@pytest.fixture
def records(server):
    server.ask("FLUSHALL")
    calls = TimedCalls(server.target, CallBounds(wait_s=20, hold_s=20))
    records = RedisReputation(calls)
    yield records
    records.close()
    calls.close()


@pytest.fixture
def store(records):
    return ReputationStore(records, Lineage(lambda name: ".".join(name.split(".")[-2:])))


def learn(store, records, *identities, good=0.0, bad=0.0):
    store.observe(dict.fromkeys(identities, Evidence(good=good, bad=bad, seen=good + bad)))
    records.flush()


def test_what_is_observed_is_read(store, records):
    learn(store, records, IP, NETWORK, good=3)
    pair = Correspondence("bob@example.org", "ann@example.com")
    store.note([pair])
    records.flush()
    known = store.read([IP, DOMAIN], [pair])
    assert set(known.standings) == {IP}
    assert known.correspondences == {pair}


def test_of_a_stranger_is_expected_what_is_of_everybody(store):
    found = store.explain(IP)
    assert [level.identity for level in found.levels] == [EVERYBODY, NETWORK, IP]
    assert found.mean == pytest.approx(FAIR)
    assert found.confidence == 0
    assert found.record is None
    assert store.explain(EVERYBODY).mean == pytest.approx(FAIR)


def test_it_is_explained_level_by_level(store, records):
    learn(store, records, EVERYBODY, good=90, bad=10)
    learn(store, records, ORGANIZATION, good=200)
    learn(store, records, DOMAIN, bad=2)
    found = store.explain(DOMAIN)
    assert [level.identity for level in found.levels] == [EVERYBODY, ORGANIZATION, DOMAIN]
    everybody, organization, domain = found.levels
    assert everybody.mean > organization.mean < domain.mean
    assert domain.prior == organization.mean
    assert found.record.bad == pytest.approx(2, abs=0.01)


def test_a_pair_stands_below_that_of_which_more_is_known(store, records):
    learn(store, records, IP, NETWORK, good=100)
    assert [level.identity.kind for level in store.explain(PAIR).levels][-2:] == [IdentityKind.IP, IdentityKind.PAIR]
    learn(store, records, DOMAIN, ORGANIZATION, good=2_000)
    assert store.explain(PAIR).levels[-2].identity == DOMAIN


def test_good_years_of_our_own_hide_nothing_of_the_last_hour(store, records):
    learn(store, records, LOGIN, TENANT, good=2_000)
    before = store.explain(LOGIN)
    learn(store, records, LOGIN, bad=20)
    after = store.explain(LOGIN)
    assert before.mean < 0.01
    assert before.lower < 0.01
    # Both count in the fast window, where the good ones of a moment ago have not faded.
    assert after.mean > before.mean
    assert [level.identity for level in after.levels] == [EVERYBODY, TENANT, LOGIN]


def test_one_who_is_forgotten_is_a_stranger(store, records):
    learn(store, records, LOGIN, bad=5)
    assert store.history(LOGIN)[0].bad == 5
    assert [identity for identity, _ in store.scan(IdentityKind.LOGIN)] == [LOGIN]
    saved = list(store.dump())
    assert store.forget(LOGIN)
    assert not store.forget(LOGIN)
    assert store.explain(LOGIN).record is None
    assert store.restore(saved) == 1
    assert store.explain(LOGIN).record.bad == pytest.approx(5, abs=0.01)
