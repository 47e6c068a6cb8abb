# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postward seals validates in Mail::DKIM, the Perl implementation (Debian: libmail-dkim-perl)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.differential.exchange import Peer
from tests.differential.own_seals import long_chain_case, own_seal_case
from tests.differential.signature_profiles import MAIL_DKIM_ARC
from tests.differential.signature_words import compared, our_words

CASES = 500


@pytest.fixture
def peer():
    with Peer("perl", str(Path(__file__).parent / "mail_dkim" / "peer.pl")) as peer:
        yield peer


def test_what_arrives_as_it_left_passes_and_changes_are_judged_the_same(peer):
    words: Counter[str] = Counter()
    for seed in range(CASES):
        own = own_seal_case(seed, MAIL_DKIM_ARC)
        theirs = compared(peer.evaluate(own.case.question, own.case.lookup))
        assert theirs == our_words(own.case), (seed, own.case.happened)
        assert theirs == ["pass"] or not own.unchanged, (seed, own.case.happened)
        words.update(theirs)
    assert words["pass"] > CASES // 2
    assert words["other"] > CASES // 10


def test_ten_sets_pass(peer):
    case = long_chain_case(10)
    assert peer.evaluate(case.question, case.lookup) == ["pass"]
