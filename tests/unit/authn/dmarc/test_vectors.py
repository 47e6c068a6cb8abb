# SPDX-License-Identifier: GPL-3.0-or-later
"""Every vector of tests/vectors/dmarc_rfc9989.json: each is a trap of RFC 9989 that some implementation fell into."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postward.authn.dmarc import evaluate_dmarc
from postward.dns.answer import Answer, RecordType
from postward.dns.zone import ZoneLookup
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "dmarc_rfc9989.json").read_text())


class RecordingLookup:
    """Answers from a zone and remembers which TXT records were asked for."""

    def __init__(self, dns):
        zone = {name: [{"TXT": text} for text in texts] for name, texts in dns["txt"].items()}
        zone |= {name: [{"A": "192.0.2.1"}] for name in dns["exists"]}
        zone |= dict.fromkeys(dns["servfail"], "SERVFAIL")
        self._lookup = ZoneLookup(zone)
        self.asked = []

    def __call__(self, name: str, record_type: RecordType) -> Answer:
        if record_type is RecordType.TXT:
            self.asked.append(name)
        return self._lookup(name, record_type)


def spf_result(spec):
    return spec and SpfResult(
        status=SpfStatus(spec["result"]), scope=SpfScope.MFROM, domain=spec["domain"], identity=f"a@{spec['domain']}"
    )


def dkim_results(specs):
    return [DkimResult(status=DkimStatus(spec["result"]), domain=spec["domain"], selector="s") for spec in specs]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_vector(vector):
    lookup = RecordingLookup(vector["dns"])
    from_values = [value.encode() for value in vector["from_header"]]
    result = evaluate_dmarc(from_values, spf_result(vector["spf"]), dkim_results(vector["dkim"]), lookup)
    expect = vector["expect"]
    if expect["result"] == "notpass":
        assert result.status != "pass"
    else:
        assert result.status in {expect["result"], *(vector["alt"] or ())}
    if result.status == expect["result"]:
        for name, value in (
            ("policy", result.policy),
            ("org", result.org_domain),
            ("policy_domain", result.policy_domain),
        ):
            assert expect[name] in {None, value}, name
    if vector["queries"] is not None:
        assert lookup.asked == vector["queries"]
