# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM and ARC against mailauth in its strict mode."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.differential.arc_cases import arc_case
from tests.differential.dkim_cases import dkim_case
from tests.differential.exchange import Peer
from tests.differential.signature_profiles import MAILAUTH_ARC, MAILAUTH_DKIM
from tests.differential.signature_words import compared, our_words

CASES = 20_000


@pytest.mark.parametrize(
    ("make_case", "without"), [(dkim_case, MAILAUTH_DKIM), (arc_case, MAILAUTH_ARC)], ids=["dkim", "arc"]
)
def test_results_agree(make_case, without):
    words: Counter[str] = Counter()
    with Peer("node", str(Path(__file__).parent / "peer.mjs")) as peer:
        for seed in range(CASES):
            case = make_case(seed, without)
            ours = our_words(case)
            theirs = peer.evaluate(case.question, case.lookup)
            assert ours == compared(theirs), (seed, case.happened, theirs)
            words.update(ours)
    print(f"{CASES} cases agree: {dict(words)}")  # noqa: T201 - what the run is for
