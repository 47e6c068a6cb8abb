# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random

import pytest

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record
from postward.reputation.estimate import dual, estimate, surely, upper

ASN = Identity(IdentityKind.ASN, "64500")
NETWORK = Identity(IdentityKind.NETWORK, "192.0.2.0/24")
IP = Identity(IdentityKind.IP, "192.0.2.1")
LOGIN = Identity(IdentityKind.LOGIN, "joe@example.com")
TENANT = Identity(IdentityKind.TENANT, "example.com")


def record(good=0.0, bad=0.0, hard=0.0):
    return Record(good=good, bad=bad, hard=hard, seen=good + bad, first_s=0, last_s=0)


def test_of_somebody_unknown_a_fifth_is_expected_to_be_bad_and_nothing_is_certain():
    found = estimate([(EVERYBODY, None), (NETWORK, None), (IP, None)])
    assert found.mean == pytest.approx(0.2)
    assert found.confidence == 0
    assert found.lower < 0.05
    assert upper(found) > 0.5
    assert found.record is None


def test_each_level_is_the_prior_of_the_next():
    found = estimate(
        [
            (EVERYBODY, record(60, 40)),
            (ASN, record(10, 10)),
            (NETWORK, record(0, 8)),
            (IP, record(4, 1)),
        ]
    )
    everybody = (40 + 0.4) / 102
    asn = (10 + 20 * everybody) / 40
    network = (8 + 12 * asn) / 20
    assert [level.mean for level in found.levels] == pytest.approx([everybody, asn, network, (1 + 8 * network) / 13])
    assert [level.prior for level in found.levels] == pytest.approx([0.2, everybody, asn, network])
    assert [level.strength for level in found.levels] == [2, 20, 12, 8]


@pytest.mark.parametrize(
    ("bad", "good"),
    [(1, 99), (5, 995), (30, 70), (70, 30), (200, 1800), (99, 1), (9, 0)],
)
def test_what_is_beyond_a_bound_is_5_percent_and_never_more(bad, good):
    found = estimate([(EVERYBODY, None), (IP, record(good, bad))])
    # Drawn from the posterior instead of computed.
    drawn = random.Random(7)
    draws = [drawn.betavariate(bad + 8 * 0.2, good + 8 * 0.8) for _ in range(20_000)]
    below = sum(draw < found.lower for draw in draws) / len(draws)
    above = sum(draw > upper(found) for draw in draws) / len(draws)
    assert 0.005 < below < 0.056
    assert 0.005 < above < 0.056


def test_that_all_others_send_bad_mail_proves_nothing_about_one():
    among_bad = estimate([(EVERYBODY, record(1, 99_999)), (NETWORK, None), (IP, record(0, 2))])
    among_good = estimate([(EVERYBODY, None), (NETWORK, None), (IP, record(0, 2))])
    assert among_bad.mean > 0.9
    assert among_bad.lower == pytest.approx(among_good.lower)
    unproven = estimate([(EVERYBODY, record(99_999, 1)), (NETWORK, None), (IP, record(2, 0))])
    assert upper(unproven) == pytest.approx(upper(estimate([(EVERYBODY, None), (NETWORK, None), (IP, record(2, 0))])))


def test_one_bad_message_makes_nobody_bad():
    found = estimate([(EVERYBODY, record(500, 500)), (NETWORK, None), (IP, record(0, 1))])
    assert found.lower < 0.5
    assert found.confidence < 0.15


def test_what_is_known_of_everybody_is_no_evidence_about_one():
    found = estimate([(EVERYBODY, record(5, 1e6)), (NETWORK, None), (IP, None)])
    assert found.confidence == 0


def test_what_is_known_of_the_network_is_evidence_as_far_as_it_goes():
    few = estimate([(EVERYBODY, None), (NETWORK, record(0, 2)), (IP, None)])
    many = estimate([(EVERYBODY, None), (NETWORK, record(0, 5_000)), (IP, None)])
    assert 0 < few.confidence < many.confidence < 0.5


def test_of_our_own_senders_no_ill_is_thought_because_of_what_comes_from_outside():
    found = estimate([(EVERYBODY, record(1, 99_999)), (TENANT, None), (LOGIN, None)])
    assert found.mean <= 0.1


def test_certainty_grows_with_evidence():
    lowers = [estimate([(EVERYBODY, None), (IP, record(0, n))]).lower for n in (0, 1, 5, 20, 100, 1_000)]
    assert lowers == sorted(lowers)
    assert lowers[-1] > 0.9


@pytest.mark.parametrize("bad", [1e-9, 0.5, 1e15])
def test_bounds_stay_between_0_and_1(bad):
    found = estimate([(EVERYBODY, None), (IP, record(0, bad))])
    assert 0 <= found.lower <= found.mean <= upper(found) <= 1


def test_a_taken_over_account_is_noticed_within_few_messages_whatever_it_sent_before():
    slow = estimate([(EVERYBODY, None), (TENANT, record(5_000, 5)), (LOGIN, record(2_000, 0))])
    assert dual(slow, record(3, 0)).mean < 0.1
    needed = next(bad for bad in range(100) if dual(slow, record(3, bad)).lower > 0.3)
    assert needed <= 20
    assert dual(slow, record(3, 10)).levels == slow.levels


def test_without_a_fast_window_the_slow_one_says_all():
    slow = estimate([(EVERYBODY, None), (LOGIN, record(2, 0))])
    assert dual(slow, None) is slow


def test_rare_events_are_certain_only_when_there_are_some():
    assert surely(0, 1e6, prior_events=0.05, prior_messages=100) == 0
    one = surely(1, 200, prior_events=0.05, prior_messages=100)
    five = surely(5, 200, prior_events=0.05, prior_messages=100)
    assert one < 0.001
    assert five > 0.005
