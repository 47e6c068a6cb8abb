# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from postward.model.identity import Identity, IdentityKind
from postward.model.reputation import Correspondence, Evidence
from postward.store.reputation.keys import FAST, HISTORY, correspondence_key, key_of
from postward.store.reputation.pending import Pending

IP, OTHER = (Identity(IdentityKind.IP, f"192.0.2.{number}") for number in (1, 2))
LOGIN = Identity(IdentityKind.LOGIN, "bob@example.org")
GOOD, BAD = Evidence(good=1, seen=1), Evidence(bad=0.5, hard=2, seen=1)


def test_what_is_added_to_one_key_adds_up():
    pending = Pending()
    for evidence in ({IP: GOOD, OTHER: GOOD}, {IP: BAD, OTHER: GOOD}, {IP: BAD}):
        assert pending.add(evidence) == 0
    assert pending.take() == {key_of(IP): [1, 1, 4, 3], key_of(OTHER): [2, 0, 0, 2]}
    assert pending.take() == {}


def test_one_message_may_teach_something_else_of_each():
    pending = Pending()
    pending.add({IP: GOOD, OTHER: BAD, LOGIN: GOOD})
    taken = pending.take()
    assert taken[key_of(OTHER)] == [0, 0.5, 2, 1]
    for key in (key_of(IP), key_of(LOGIN), key_of(LOGIN) + FAST, key_of(LOGIN) + HISTORY):
        assert taken[key] == [1, 0, 0, 1]


def test_keys_do_not_share_what_they_add_up():
    pending = Pending()
    pending.add({IP: GOOD, OTHER: GOOD, LOGIN: GOOD})
    pending.add({IP: GOOD})
    assert pending.take()[key_of(OTHER)] == [1, 0, 0, 1]


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), float("-inf"), -1.0])
def test_what_is_no_amount_counts_nothing(amount):
    pending = Pending()
    pending.add({IP: Evidence(good=amount, bad=1, hard=amount, seen=amount)})
    assert pending.take() == {key_of(IP): [0, 1, 0, 0]}


def test_what_is_given_back_adds_up_with_what_came_meanwhile():
    pending = Pending()
    pending.add({IP: GOOD})
    taken = pending.take()
    pending.add({IP: BAD})
    assert pending.merge(taken) == 0
    assert pending.take() == {key_of(IP): [1, 0.5, 2, 2]}


def test_some_keys_can_be_left_and_some_forgotten():
    pending = Pending()
    pending.add({IP: GOOD, OTHER: GOOD})
    assert set(pending.take(but={key_of(IP)})) == {key_of(OTHER)}
    pending.forget([key_of(IP), key_of(OTHER)])
    assert len(pending) == 0


def test_it_is_bounded_and_those_who_are_there_still_add_up():
    pending = Pending(2)
    assert pending.add({IP: GOOD, OTHER: GOOD}) == 0
    assert pending.add({IP: GOOD, LOGIN: GOOD}) == 3
    assert pending.take() == {key_of(IP): [2, 0, 0, 2], key_of(OTHER): [1, 0, 0, 1]}
    pairs = [Correspondence("a", str(number)) for number in range(3)]
    assert pending.note(pairs) == 1
    assert pending.note(pairs[:2]) == 0
    assert pending.take_correspondences() == [correspondence_key("a", "0"), correspondence_key("a", "1")]
    assert pending.take_correspondences() == []


def test_nothing_is_lost_between_threads():
    pending = Pending()
    taken = []

    def work(number):
        pending.add({IP: GOOD})
        if number % 7 == 0:
            taken.append(pending.take())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(2_000)))
    taken.append(pending.take())
    assert sum(each[key_of(IP)][3] for each in taken if each) == 2_000
