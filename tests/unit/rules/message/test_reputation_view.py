# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.estimate import Estimate, Level, ReputationResult
from postward.model.identity import Identity, IdentityKind
from postward.model.origin import Direction, Origin
from postward.model.reputation import Record
from postward.model.transaction import Transaction
from postward.rules.message.builder import message_of
from postward.rules.message.reputation_view import IdentityView, reputation_view
from postward.rules.message.static_directory import StaticDirectory

NETWORK = Identity(IdentityKind.NETWORK, "192.0.2.0/24")


def estimate(identity, *, mean=0.25, lower=0.125, seen=None):
    record = None if seen is None else Record(good=1.0, bad=2.0, hard=0.5, seen=seen, first_s=1, last_s=2)
    level = Level(identity=identity, record=record, prior=0.2, strength=8, mean=mean)
    return Estimate(identity=identity, mean=mean, lower=lower, confidence=0.5, levels=(level,))


def of(*identities):
    return ReputationResult(estimates={each.kind: estimate(each, seen=7.0) for each in identities})


def test_numbers_are_percents_and_messages():
    view = reputation_view(
        ReputationResult(estimates={NETWORK.kind: estimate(NETWORK, seen=7.0)}, is_correspondent=True, points=-1.5)
    )
    assert view.identities == {
        "net": IdentityView(
            kind="net",
            name="192.0.2.0/24",
            bad_percent=25.0,
            surely_bad_percent=12.5,
            confidence=0.5,
            messages=7.0,
            grave=0.5,
        )
    }
    assert (view.is_correspondent, view.points) == (True, -1.5)


def test_a_stranger_has_sent_nothing():
    view = reputation_view(ReputationResult(estimates={NETWORK.kind: estimate(NETWORK)}))
    assert view.identities["net"].messages == 0.0


def test_the_domain_is_that_which_answers_for_the_message():
    author, signer, sender = (
        Identity(kind, f"{kind.value}.example")
        for kind in (IdentityKind.AUTHOR_DOMAIN, IdentityKind.DKIM_DOMAIN, IdentityKind.SPF_DOMAIN)
    )
    assert [each.kind for each in reputation_view(of(sender, signer, author)).of("domain")] == ["from"]
    assert [each.kind for each in reputation_view(of(sender, signer)).of("domain")] == ["dkim"]
    assert [each.kind for each in reputation_view(of(sender)).of("domain")] == ["spf"]
    assert reputation_view(of(NETWORK)).of("domain") == ()


def test_the_sender_is_a_pair_or_one_of_our_own_users():
    pair, login = Identity(IdentityKind.PAIR, "a@b.example/192.0.2.1"), Identity(IdentityKind.LOGIN, "ann")
    assert [each.name for each in reputation_view(of(pair)).of("sender")] == ["a@b.example/192.0.2.1"]
    assert [each.name for each in reputation_view(of(login)).of("sender")] == ["ann"]
    assert {each.kind for each in reputation_view(of(pair, NETWORK)).of("any")} == {"pair", "net"}


def test_a_message_has_what_the_transaction_has():
    transaction = Transaction("id", started_s=0.0)
    transaction.sender = Sender(address=EnvelopeAddress("a@b.example"))
    transaction.origin = Origin(direction=Direction.INBOUND, reason="a test", client=None, helo="")
    assert message_of(transaction, StaticDirectory(), now_s=0.0).reputation is None
    transaction.facts.reputation = of(NETWORK)
    reputation = message_of(transaction, StaticDirectory(), now_s=0.0).reputation
    assert reputation is not None
    assert [each.messages for each in reputation.of("network")] == [7.0]
