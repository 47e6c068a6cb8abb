# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postward signs verifies in Mail::DKIM, the Perl implementation (Debian: libmail-dkim-perl)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.differential.exchange import Peer
from tests.differential.own_signatures import SPECIAL, own_case, special_case, with_added_field
from tests.differential.signature_profiles import MAIL_DKIM_DKIM
from tests.differential.signature_words import compared, our_words

CASES = 600


@pytest.fixture
def peer():
    with Peer("perl", str(Path(__file__).parent / "mail_dkim" / "peer.pl")) as peer:
        yield peer


def test_what_arrives_as_it_left_passes_and_changes_are_judged_the_same(peer):
    words: Counter[str] = Counter()
    for seed in range(CASES):
        own = own_case(seed, MAIL_DKIM_DKIM)
        theirs = compared(peer.evaluate(own.case.question, own.case.lookup))
        assert theirs == our_words(own.case), (seed, own.case.happened)
        assert theirs == ["pass"] or not own.unchanged, (seed, own.case.happened)
        words.update(theirs)
    assert words["pass"] > CASES // 2
    assert words["other"] > CASES // 10


@pytest.mark.parametrize("canonicalization", ["relaxed", "simple"])
@pytest.mark.parametrize("name", SPECIAL)
def test_special_messages_pass(peer, name, canonicalization):
    case = special_case(name, ["rsa2048"], canonicalization)
    assert peer.evaluate(case.question, case.lookup) == ["pass"]


@pytest.mark.parametrize("name", [b"From", b"Subject", b"To", b"Cc", b"Reply-To"])
def test_a_field_added_on_the_way_breaks_it(peer, name):
    case = with_added_field(special_case("8 bit", ["rsa2048"], "relaxed"), name)
    assert peer.evaluate(case.question, case.lookup) == ["fail"]
