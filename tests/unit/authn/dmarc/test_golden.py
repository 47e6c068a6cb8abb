# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of tests/golden/dmarc: one folder each, with a README that says what it teaches."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from postward.authn.dmarc import arc_override, evaluate_dmarc
from postward.dns.zone import ZoneLookup
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus

CASES = sorted(path.parent for path in (Path(__file__).parents[3] / "golden" / "dmarc").glob("*/expected.json"))


def from_values(case):
    """The values of the From fields of message.eml, folds included."""
    header = (case / "message.eml").read_bytes().partition(b"\n\n")[0] + b"\n"
    fields = re.findall(rb"^From:((?:.*\n)(?:[ \t].*\n)*)", header, re.MULTILINE)
    return [value[:-1].replace(b"\n", b"\r\n") for value in fields]


def spf_of(given):
    identity = f"a@{given['domain']}"
    return SpfResult(
        status=SpfStatus(given["result"]),
        scope=SpfScope(given.get("scope", "mfrom")),
        domain=given["domain"],
        identity=identity,
    )


def arc_of(given):
    sets = [
        ArcSet(instance=n, sealer=hop["sealer"], selector="s", authentication_results=hop["results"].encode())
        for n, hop in enumerate(given["sets"], 1)
    ]
    return ArcResult(status=ArcStatus(given["result"]), sets=tuple(sets))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case):
    lookup = ZoneLookup(yaml.safe_load((case / "zone.yaml").read_text()))
    given = json.loads((case / "given.json").read_text())
    spf = spf_of(given["spf"]) if given.get("spf") else None
    dkim = [
        DkimResult(status=DkimStatus(found["result"]), domain=found["domain"], selector="s")
        for found in given.get("dkim", [])
    ]
    result = evaluate_dmarc(from_values(case), spf, dkim, lookup)
    expected = json.loads((case / "expected.json").read_text())
    override = None
    if "arc" in given:
        override = arc_override(arc_of(given["arc"]), result, frozenset(given["trusted_sealers"]), lookup)
    found = {
        "result": result.status,
        "domain": result.domain,
        "org_domain": result.org_domain,
        "policy": result.policy,
        "policy_domain": result.policy_domain,
        "aligned_by": list(result.aligned_by),
        "problem": result.problem,
        "override": override and {"sealer": override.sealer, "aligned_by": list(override.aligned_by)},
    }
    assert found == expected


def test_there_are_cases():
    assert CASES
    assert all((case / "README.md").read_text().strip() for case in CASES)
