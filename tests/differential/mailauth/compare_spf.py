# SPDX-License-Identifier: GPL-3.0-or-later
"""SPF against mailauth in its strict mode, everything included."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address
from pathlib import Path
from random import Random

import pytest

from postward.authn.spf import SpfSettings, check_sender
from tests.differential.exchange import Peer
from tests.differential.spf_cases import EVERYTHING, WITHOUT_MACROS, CheckeredLookup, spf_case

CASES = 10_000
RFC_LIMIT = 2
NO_LIMIT = 10_000


@pytest.mark.parametrize(
    ("profile", "max_void_lookups"), [(EVERYTHING, NO_LIMIT), (WITHOUT_MACROS, RFC_LIMIT)], ids=["all", "void-look-ups"]
)
def test_results_agree(profile, max_void_lookups):
    results: Counter[str] = Counter()
    with Peer("node", str(Path(__file__).parent / "peer.mjs")) as peer:
        for seed in range(CASES):
            case = spf_case(Random(seed), profile)
            lookup = CheckeredLookup(case.zone)
            ours = check_sender(
                client=ip_address(case.client),
                mail_from=case.mail_from,
                helo=case.helo,
                lookup=lookup,
                settings=SpfSettings(max_void_lookups=max_void_lookups),
            )
            question = {"kind": "spf", "ip": case.client, "helo": case.helo, "mailFrom": case.mail_from}
            theirs = peer.evaluate({**question, "maxVoidCount": max_void_lookups}, lookup)
            assert ours.status == theirs["result"], (seed, case, ours, theirs)
            results[ours.status] += 1
    print(f"{CASES} cases agree: {dict(results)}")  # noqa: T201 - what the run is for
