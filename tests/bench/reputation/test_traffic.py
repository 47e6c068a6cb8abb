# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.store.reputation.keys import identity_of, key_of
from tests.bench.reputation.traffic import Senders


def test_all_identities_of_all_senders_are_there_once() -> None:
    senders = Senders(120)
    found = list(senders.all())
    assert len(found) == len(set(found)) == senders.identities + 120 + 1
    assert {one for number in range(120) for one in senders.message(number)} == set(found)


def test_a_sender_has_keys_that_say_who_it_is() -> None:
    for identity in Senders(5_000_000).message(4_999_999):
        assert identity_of(key_of(identity)) == identity
