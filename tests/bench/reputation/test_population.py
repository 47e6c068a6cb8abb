# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from random import Random
from statistics import fmean

from postward.model.identity import EVERYBODY, IdentityKind
from tests.bench.reputation.population import Shape, mails, sources

_KINDS = [IdentityKind.ALL, IdentityKind.ASN, IdentityKind.NETWORK, IdentityKind.IP]


def test_a_seed_gives_the_same_population() -> None:
    shape = Shape(systems=3)
    assert mails(Random(7), shape) == mails(Random(7), shape)
    assert mails(Random(7), shape) != mails(Random(8), shape)


def test_messages_come_in_order_within_their_time_or_a_burst_of_it() -> None:
    shape = Shape(systems=5, days=10.0)
    found = mails(Random(1), shape)
    assert [mail.at_s for mail in found] == sorted(mail.at_s for mail in found)
    assert found[0].at_s >= 0
    assert found[-1].at_s < 11 * 86_400


def test_addresses_are_nested_and_each_is_in_one_network() -> None:
    network_of = {}
    for source in sources(Random(1), Shape(systems=8)):
        assert source.chain[0] == EVERYBODY
        assert [identity.kind for identity in source.chain] == _KINDS
        assert network_of.setdefault(source.chain[3], source.chain[2]) == source.chain[2]
        assert source.chain[3].name.rpartition(".")[0] == source.chain[2].name.partition(".0/")[0]


def test_addresses_of_a_network_are_alike() -> None:
    found = sources(Random(3), Shape(systems=200))
    by_network: dict[str, list[float]] = {}
    for source in found:
        by_network.setdefault(source.chain[2].name, []).append(source.bad_share)
    middle = fmean(source.bad_share for source in found)
    of_all = fmean((source.bad_share - middle) ** 2 for source in found)
    means = {name: fmean(shares) for name, shares in by_network.items()}
    within = fmean((source.bad_share - means[source.chain[2].name]) ** 2 for source in found)
    assert within < of_all / 3
