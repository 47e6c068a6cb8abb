# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record, Standing
from postward.reputation.assessment import Assessment, needed
from postward.reputation.estimate import dual, estimate
from postward.reputation.lineage import Lineage

PAIR = Identity(IdentityKind.PAIR, "joe@example.com/192.0.2.1")
IP = Identity(IdentityKind.IP, "192.0.2.1")
NETWORK = Identity(IdentityKind.NETWORK, "192.0.2.0/24")
AUTHOR = Identity(IdentityKind.AUTHOR_DOMAIN, "example.com")
ORGANIZATION = Identity(IdentityKind.ORGANIZATION, "example.com")
LOGIN = Identity(IdentityKind.LOGIN, "joe@our.example")
TENANT = Identity(IdentityKind.TENANT, "our.example")
LINEAGE = Lineage(lambda name: name)


def record(good, bad):
    return Record(good=good, bad=bad, hard=0, seen=good + bad, first_s=0, last_s=0)


def assess(identity, **standings):
    return Assessment(LINEAGE, standings.pop("standings")).of(identity)


def slow(**records):
    return {globals()[name]: Standing(slow=record(*pair)) for name, pair in records.items()}


@pytest.mark.parametrize("identity", [IP, NETWORK, AUTHOR, ORGANIZATION, EVERYBODY])
def test_it_is_the_estimate_of_the_chain(identity):
    standings = slow(EVERYBODY=(70, 30), NETWORK=(5, 5), IP=(1, 4), ORGANIZATION=(9, 0), AUTHOR=(3, 1))
    chain = LINEAGE.chain(identity)
    assert assess(identity, standings=standings) == estimate([(one, standings[one].slow) for one in chain])


def test_a_pair_is_taken_for_what_is_known_better():
    by_domain = assess(PAIR, standings=slow(ORGANIZATION=(500, 0), AUTHOR=(500, 0), IP=(0, 2)))
    assert [level.identity for level in by_domain.levels] == [EVERYBODY, ORGANIZATION, AUTHOR, PAIR]
    assert by_domain.mean < 0.05
    by_address = assess(PAIR, standings=slow(ORGANIZATION=(1, 0), AUTHOR=(1, 0), NETWORK=(0, 90), IP=(0, 90)))
    assert [level.identity for level in by_address.levels] == [EVERYBODY, NETWORK, IP, PAIR]
    assert by_address.mean > 0.9


def test_of_our_own_users_the_worse_window_counts():
    fast = record(0, 12)
    standings = {**slow(TENANT=(1_000, 1)), LOGIN: Standing(slow=record(900, 0), fast=fast)}
    plain = estimate([(EVERYBODY, None), (TENANT, standings[TENANT].slow), (LOGIN, standings[LOGIN].slow)])
    assert assess(LOGIN, standings=standings) == dual(plain, fast)
    assert assess(LOGIN, standings=standings).lower > 0.3


def test_all_that_has_to_be_read():
    names = [str(identity) for identity in needed(PAIR, LINEAGE)]
    assert names == [
        "all", "org:example.com", "from:example.com", str(PAIR), "spf:example.com", "net:192.0.2.0/24", "ip:192.0.2.1",
    ]  # fmt: skip
