# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcPolicy, DmarcResult, DmarcStatus, FromProblem
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.override import ArcOverride
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Facts
from postward.scoring.catalogue import DEFAULT_SCALE, SYMBOLS
from postward.scoring.weighing import weigh


def names(**slots):
    facts = Facts()
    for slot, value in slots.items():
        setattr(facts, slot, value)
    return [symbol.name for symbol in weigh(facts, DEFAULT_SCALE)]


def spf(status, scope=SpfScope.MFROM):
    return SpfResult(status=status, scope=scope, domain="a.example", identity="")


def dkim(status, **more):
    return DkimResult(status=status, domain="a.example", selector="s", **more)


def dmarc(status, policy=None, problem=None):
    return DmarcResult(status=status, policy=policy, problem=problem, domain="a.example")


def test_nothing_checked_weighs_nothing():
    assert names() == []


@pytest.mark.parametrize("status", list(SpfStatus))
def test_every_spf_result_has_its_symbol(status):
    assert names(spf=spf(status)) == [f"SPF_{status.value.upper()}"]


@pytest.mark.parametrize("status", list(DmarcStatus))
def test_every_dmarc_result_has_its_symbol(status):
    for policy in DmarcPolicy:
        assert set(names(dmarc=dmarc(status, policy))) <= SYMBOLS.keys()


@pytest.mark.parametrize("status", list(IprevStatus))
def test_every_iprev_result_has_its_symbol(status):
    assert set(names(iprev=IprevResult(status=status))) <= SYMBOLS.keys()


def test_a_helo_name_counts_only_when_it_is_disowned():
    assert names(spf_helo=spf(SpfStatus.FAIL, SpfScope.HELO)) == ["SPF_HELO_FAIL"]
    assert names(spf_helo=spf(SpfStatus.PASS, SpfScope.HELO)) == []


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((), ["DKIM_NONE"]),
        ((dkim(DkimStatus.FAIL), dkim(DkimStatus.PASS)), ["DKIM_PASS"]),
        ((dkim(DkimStatus.FAIL),), ["DKIM_FAIL"]),
        ((dkim(DkimStatus.FAIL), dkim(DkimStatus.TEMPERROR)), ["DKIM_TEMPERROR"]),
        ((dkim(DkimStatus.POLICY),), ["DKIM_FAIL", "DKIM_WEAK"]),
        ((dkim(DkimStatus.PASS, unsigned_bytes=7),), ["DKIM_PASS", "DKIM_UNSIGNED_BODY"]),
        ((dkim(DkimStatus.PASS, unsigned_bytes=7), dkim(DkimStatus.PASS)), ["DKIM_PASS"]),
    ],
)
def test_dkim(results, expected):
    assert names(dkim=results) == expected


def test_a_chain_that_failed_for_want_of_dns_weighs_nothing():
    sealed = (ArcSet(instance=1, sealer="l.example", selector="s", authentication_results=b""),)
    assert names(arc=ArcResult(status=ArcStatus.FAIL, sets=sealed)) == ["ARC_FAIL"]
    assert names(arc=ArcResult(status=ArcStatus.FAIL, sets=sealed, temporary=True)) == []
    assert names(arc=ArcResult(status=ArcStatus.NONE)) == []


def test_an_overridden_failure_is_named_as_such():
    override = ArcOverride(sealer="l.example", instance=1, aligned_by=("dmarc",))
    assert names(dmarc=dmarc(DmarcStatus.FAIL, DmarcPolicy.REJECT), arc_override=override) == ["DMARC_ARC_OVERRIDE"]


@pytest.mark.parametrize("problem", list(FromProblem))
def test_every_trouble_with_the_author_has_its_symbol(problem):
    found = names(dmarc=dmarc(DmarcStatus.NONE, problem=problem))
    assert [name for name in found if name.startswith("FROM_")] != []


def test_by_default_a_failure_under_reject_alone_is_junk_and_one_under_none_is_not():
    assert SYMBOLS["DMARC_FAIL_REJECT"].score >= 5
    assert SYMBOLS["DMARC_FAIL_NONE"].score < 1
