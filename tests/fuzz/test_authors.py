# SPDX-License-Identifier: GPL-3.0-or-later
"""From fields and DMARC records: who the author is, and what its domain asks for."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from postward.authn.dmarc import author_domains, evaluate_dmarc, prefetch_dmarc
from postward.authn.dmarc.record import has_version, parse_record
from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.names import to_ascii
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcPolicy, DmarcStatus
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import AUTHORS, POLICY_RECORDS

HOST_NAME = re.compile(r"[^\s\x00-\x20\x7f@<>\"()\[\],:;\\]+")
VALUES = AUTHORS.map(lambda text: text.encode("utf-8", "surrogatepass"))
LEVELS = ("a.b.c.example", "b.c.example", "c.example", "example")
LEVEL_ANSWERS = st.one_of(
    st.lists(POLICY_RECORDS, max_size=3).map(lambda texts: Answer(outcome=Outcome.OK, records=tuple(texts))),
    st.sampled_from(
        [Answer(outcome=Outcome.NXDOMAIN), Answer(outcome=Outcome.TIMEOUT), Answer(outcome=Outcome.BUDGET)]
    ),
)


@fuzz(values=st.lists(VALUES, max_size=3), share=2)
def test_any_from_fields(values):
    found = author_domains(values)
    assert len(found.domains) <= 10
    assert len(set(found.domains)) == len(found.domains)
    for domain in found.domains:
        assert to_ascii(domain) == domain
        assert HOST_NAME.fullmatch(domain)
    assert found.problem is not None or len(found.domains) == 1 or not any(values)
    for value in values:
        asked = []
        prefetch_dmarc(value, lambda name, record_type, then=None: asked.append((name, record_type)))  # noqa: B023
        assert len(asked) <= 2 * 8
        assert all(record_type is RecordType.TXT for _, record_type in asked)


@fuzz(record=POLICY_RECORDS)
def test_any_policy_record(record):
    parsed = parse_record(record) if has_version(record) else None
    assert parsed is None or parsed.p in {None, *DmarcPolicy}


@fuzz(
    levels=st.lists(LEVEL_ANSWERS, min_size=len(LEVELS), max_size=len(LEVELS)),
    signer=st.sampled_from(
        ["a.b.c.example", "c.example", "x.c.example", "other.example", "example", "c.example.evil.test", "evil.test"]
    ),
    status=st.sampled_from(list(DkimStatus)),
    share=2,
)
def test_any_policies_on_the_way_up(levels, signer, status):
    asked = []

    def lookup(name, record_type):
        asked.append(name)
        level = name.removeprefix("_dmarc.")
        return levels[LEVELS.index(level)] if level in LEVELS else Answer(outcome=Outcome.NXDOMAIN)

    dkim = [DkimResult(status=status, domain=signer, selector="s")]
    result = evaluate_dmarc([b" a@a.b.c.example"], None, dkim, lookup)
    assert len(asked) <= 12
    assert result.domain == "a.b.c.example"
    if result.status is DmarcStatus.PASS:
        assert status is DkimStatus.PASS
        assert signer.endswith("example")
        assert result.aligned_by == (f"dkim:{signer}",)
    if result.policy_domain is not None:
        assert result.policy_domain in LEVELS
        assert result.policy in set(DmarcPolicy)
