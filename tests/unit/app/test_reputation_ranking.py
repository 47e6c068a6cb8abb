# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.reputation_desk import Explained
from postward.app.reputation_ranking import Order, ranked
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record, Standing
from postward.reputation.estimate import dual, estimate

ALL = Record(good=8_000.0, bad=2_000.0, hard=0.0, seen=10_000.0, first_s=1, last_s=2)


def standing(good, bad, *, seen=None, fast=None):
    def record(good, bad):
        return Record(good=good, bad=bad, hard=0.0, seen=seen or good + bad, first_s=1, last_s=2)

    return Standing(slow=record(good, bad), fast=record(*fast) if fast else None)


STANDINGS = {
    Identity(IdentityKind.IP, "192.0.2.1"): standing(5, 995, seen=100),
    Identity(IdentityKind.IP, "192.0.2.2"): standing(0, 3),
    Identity(IdentityKind.IP, "192.0.2.3"): standing(500, 1),
    Identity(IdentityKind.IP, "192.0.2.4"): standing(3, 0),
    Identity(IdentityKind.LOGIN, "ann"): standing(2_000, 0, fast=(0, 60)),
    Identity(IdentityKind.NETWORK, "192.0.2.0/24"): standing(600, 400, seen=9_000.0),
    EVERYBODY: Standing(slow=ALL),
}


def explain(identities):
    for identity in identities:
        found = STANDINGS[identity]
        whole = estimate([(EVERYBODY, ALL), (identity, found.slow)])
        yield Explained(estimate=dual(whole, found.fast), fast=found.fast)


def names(order, count=10, found=None):
    return [each.identity.name for each in ranked(found or STANDINGS.items(), explain, ALL, order=order, count=count)]


@pytest.mark.parametrize(
    ("order", "first"),
    [
        (Order.WORST, ["192.0.2.1", "ann", "192.0.2.0/24"]),
        (Order.BEST, ["192.0.2.3"]),
        (Order.BUSIEST, ["192.0.2.0/24", "ann", "192.0.2.3"]),
    ],
)
def test_the_first_are_those_who_stand_out(order, first):
    assert names(order)[: len(first)] == first
    assert names(order, count=1) == first[:1]


def test_everybody_is_nobody_who_stands_out():
    assert "" not in names(Order.BUSIEST)


def test_what_comes_twice_is_told_once():
    assert len(names(Order.WORST, found=[*STANDINGS.items(), *STANDINGS.items()])) == 6


def test_one_with_few_bad_messages_is_not_worse_than_one_with_many():
    assert names(Order.WORST).index("192.0.2.2") > names(Order.WORST).index("192.0.2.1")


def test_of_nobody_nothing_is_told():
    assert ranked([], explain, None, order=Order.WORST, count=3) == []
