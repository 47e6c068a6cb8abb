# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM and ARC against Mail::DKIM, the Perl implementation (Debian: libmail-dkim-perl)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.differential.arc_cases import arc_case
from tests.differential.dkim_cases import dkim_case
from tests.differential.exchange import Peer
from tests.differential.signature_profiles import MAIL_DKIM_ARC, MAIL_DKIM_DKIM
from tests.differential.signature_words import compared, our_words

CASES = 600


@pytest.mark.parametrize(
    ("make_case", "without"), [(dkim_case, MAIL_DKIM_DKIM), (arc_case, MAIL_DKIM_ARC)], ids=["dkim", "arc"]
)
def test_results_agree(make_case, without):
    words: Counter[str] = Counter()
    with Peer("perl", str(Path(__file__).parent / "mail_dkim" / "peer.pl")) as peer:
        for seed in range(CASES):
            case = make_case(seed, without)
            ours = our_words(case)
            theirs = peer.evaluate(case.question, case.lookup)
            assert ours == compared(theirs), (seed, case.happened, theirs)
            words.update(ours)
    assert min(words["pass"], words["other"]) > CASES // 4
