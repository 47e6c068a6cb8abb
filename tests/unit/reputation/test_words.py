# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.field_text import is_plain
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record
from postward.reputation.estimate import estimate
from postward.reputation.words import hard_words, known_words

NETWORK = Identity(IdentityKind.NETWORK, "192.0.2.0/24")
IP = Identity(IdentityKind.IP, "192.0.2.1\r\nX-Evil: yes")


def record(good, bad, seen):
    return Record(good=good, bad=bad, hard=0, seen=seen, first_s=0, last_s=0)


@pytest.mark.parametrize(
    ("good", "bad", "seen", "words"),
    [
        (997, 3, 4210, "4,210 messages seen, 0.3 % bad"),
        (0, 1, 1, "1 message seen, 100 % bad"),
        (5, 0, 5, "5 messages seen, 0 % bad"),
        (99_999, 1, 1e5, "100,000 messages seen, under 0.1 % bad"),
        (0.01, 99.99, 100, "100 messages seen, 99.9 % bad"),
        (0, 0, 7, "7 messages seen, 20 % bad"),
    ],
)
def test_what_is_known_in_words(good, bad, seen, words):
    found = estimate([(EVERYBODY, None), (NETWORK, record(good, bad, seen))])
    assert known_words(found) == f"this network: {words}"


def test_of_somebody_unknown_it_tells_of_what_he_is_in():
    found = estimate([(EVERYBODY, None), (NETWORK, record(1, 9, 10)), (IP, None)])
    assert known_words(found) == "this network: 10 messages seen, 90 % bad"


@pytest.mark.parametrize("kind", list(IdentityKind))
def test_nothing_of_it_is_text_from_outside(kind):
    identity = Identity(kind, "evil\r\nX-Evil: yes")
    found = estimate([(EVERYBODY, None), (identity, record(1, 9, 10))])
    for words in (known_words(found), hard_words(found)):
        assert "evil" not in words.lower()
        assert is_plain(words)
