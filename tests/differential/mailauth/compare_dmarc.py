# SPDX-License-Identifier: GPL-3.0-or-later
"""DMARC against mailauth, which has implemented RFC 9989 since version 6."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

from postward.authn.dmarc import evaluate_dmarc
from postward.dns.answer import RecordType
from postward.dns.zone import ZoneLookup
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from tests.differential.dmarc_cases import dmarc_case
from tests.differential.exchange import Peer

CASES = 20_000


def test_results_agree():
    results: Counter[str] = Counter()
    with Peer("node", str(Path(__file__).parent / "peer.mjs")) as peer:
        for seed in range(CASES):
            case = dmarc_case(Random(seed))
            lookup = ZoneLookup(case.zone)
            result = our_result(case, lookup)
            found = their_result(peer, case, lookup)
            # Without a single author domain mailauth gives no result, and we none that helps the sender.
            if found["result"] is None:
                assert result.problem, (seed, case, result, found)
                results["no author domain"] += 1
                continue
            ours, theirs = compared(result, found, lookup)
            assert ours == theirs, (seed, case, result, found)
            results[result.status] += 1
    print(f"{CASES} cases agree: {dict(results)}")  # noqa: T201 - what the run is for


def our_result(case, lookup):
    author = ", ".join(f"u@{domain}" for domain in case.authors).encode()
    spf = [
        SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain=domain, identity=f"u@{domain}")
        for domain in case.spf_domains
    ]
    dkim = [DkimResult(status=DkimStatus.PASS, domain=domain, selector="s") for domain in case.dkim_domains]
    return evaluate_dmarc([author], spf[0] if spf else None, dkim, lookup)


def their_result(peer, case, lookup):
    question = {
        "kind": "dmarc",
        "authors": [f"u@{domain}" for domain in case.authors],
        "spfDomains": list(case.spf_domains),
        "dkimDomains": list(case.dkim_domains),
        # Strict, it does not know names of tags in capitals; else it takes the last of two tags of one name.
        "strict": not case.has_capital_names,
    }
    return peer.evaluate(question, lookup)


def compared(result, found, lookup):
    """Both results, without what RFC 9989 leaves open."""
    ours = {
        "result": result.status,
        "policy": result.policy,
        "policyDomain": result.policy_domain,
        "org": result.org_domain,
    }
    theirs = {key: found[key] for key in ours}
    left_open = set()
    if result.status is DmarcStatus.TEMPERROR:
        left_open |= {"policy", "policyDomain"}
    if result.org_domain is None:
        left_open.add("org")
    if lookup(result.domain, RecordType.A).failed:
        # Whether sp or np would have been asked for is unknown, and does not matter to a message that passes; nor does
        # it where t=y makes both the same, which mailauth does not see.
        left_open |= {"policy"} if result.status is DmarcStatus.PASS else set()
        left_open |= {"result"} if result.testing else set()
    return tuple({key: value for key, value in side.items() if key not in left_open} for side in (ours, theirs))
