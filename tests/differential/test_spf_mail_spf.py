# SPDX-License-Identifier: GPL-3.0-or-later
"""SPF against Mail::SPF, the Perl implementation (Debian: libmail-spf-perl)."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address
from pathlib import Path
from random import Random

from postward.authn.spf import SpfSettings, check_sender
from tests.differential.exchange import Peer
from tests.differential.spf_cases import PLAIN, CheckeredLookup, spf_case

CASES = 1000
# Mail::SPF counts look-ups where RFC 7208 counts terms: neither side is given a limit.
NO_LIMIT = SpfSettings(max_void_lookups=10_000)


def test_results_agree():
    results: Counter[str] = Counter()
    with Peer("perl", str(Path(__file__).parent / "mail_spf" / "peer.pl")) as peer:
        for seed in range(CASES):
            case = spf_case(Random(seed), PLAIN)
            lookup = CheckeredLookup(case.zone)
            ours = check_sender(
                client=ip_address(case.client),
                mail_from=case.mail_from,
                helo=case.helo,
                lookup=lookup,
                settings=NO_LIMIT,
            )
            # RFC 7208 sections 2.4 and 4.3, which Mail::SPF leaves to whoever calls it.
            local_part, _, domain = case.mail_from.rpartition("@")
            identity = f"{local_part or 'postmaster'}@{domain or case.helo}"
            theirs = peer.evaluate({"identity": identity, "ip": case.client, "helo": case.helo}, lookup)
            assert ours.status == theirs["result"] or counts_too_much(theirs), (seed, case, ours, theirs)
            results[ours.status] += 1
    assert all(results[word] > CASES // 50 for word in ("none", "neutral", "pass", "fail", "softfail", "permerror"))


def counts_too_much(theirs):
    """RFC 7208 section 6.1: a redirect that is not followed is none of the ten terms; Mail::SPF counts it."""
    return "DNS-interactive terms limit" in theirs["why"]
