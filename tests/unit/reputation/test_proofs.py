# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus, FromProblem
from postward.model.identity import Identity, IdentityKind
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Facts
from postward.reputation.proofs import Proofs, proofs_of


def organization(name):
    return Identity(IdentityKind.ORGANIZATION, ".".join(name.split(".")[-2:])) if name.count(".") else None


def spf(domain="example.com", *, status=SpfStatus.PASS, scope=SpfScope.MFROM, mechanism="mx"):
    return SpfResult(status=status, scope=scope, domain=domain, identity="", mechanism=mechanism)


def dkim(domain="example.com", *, status=DkimStatus.PASS, **more):
    return DkimResult(status=status, domain=domain, selector="s", signature_prefix="AbC", **more)


def dmarc(domain="example.com", *, status=DmarcStatus.PASS, aligned_by=("spf", "dkim:example.com"), **more):
    return DmarcResult(status=status, domain=domain, aligned_by=aligned_by, **more)


def proofs(**found):
    facts = Facts()
    for name, value in found.items():
        setattr(facts, name, value)
    return proofs_of(facts, organization)


def signers(found):
    return [each.domain for each in found.signers]


def test_all_three_prove_the_author():
    found = proofs(spf=spf(), dkim=(dkim(),), dmarc=dmarc())
    assert (found.author, found.envelope, signers(found)) == ("example.com", "example.com", ["example.com"])
    assert found.names_author
    assert found.is_twofold


def test_nothing_proves_nobody():
    assert proofs() == Proofs()
    assert proofs(dmarc=dmarc(status=DmarcStatus.FAIL)) == Proofs()
    assert not proofs(dmarc=dmarc()).author


@pytest.mark.parametrize("status", [each for each in SpfStatus if each is not SpfStatus.PASS])
def test_spf_that_does_not_pass_proves_nothing(status):
    assert proofs(spf=spf(status=status)).envelope == ""


def test_spf_of_a_helo_name_is_no_envelope_sender():
    assert proofs(spf=spf(scope=SpfScope.HELO)).envelope == ""


@pytest.mark.parametrize("mechanism", ["all", "+all", "ALL", "ip4:0.0.0.0/0", "+ip4:128.0.0.0/1", "ip6:::/0"])
def test_who_lets_everybody_send_proves_nothing(mechanism):
    found = proofs(spf=spf(mechanism=mechanism), dmarc=dmarc(aligned_by=("spf",)))
    assert (found.envelope, found.author) == ("", "")


@pytest.mark.parametrize("mechanism", ["mx", "ip4:192.0.2.0/24", "ip4:10.0.0.0/8", "include:a.example", ""])
def test_other_mechanisms_do(mechanism):
    assert proofs(spf=spf(mechanism=mechanism)).envelope == "example.com"


@pytest.mark.parametrize("status", [each for each in DkimStatus if each is not DkimStatus.PASS])
def test_signatures_that_are_not_valid_prove_nothing(status):
    assert signers(proofs(dkim=(dkim(status=status),))) == []


@pytest.mark.parametrize("more", [{"unsigned_bytes": 1}, {"testing": True}])
def test_signatures_that_do_not_stand_for_all_of_it_prove_nothing(more):
    found = proofs(dkim=(dkim(**more),), dmarc=dmarc(aligned_by=("dkim:example.com",)))
    assert (signers(found), found.author) == ([], "")


def test_a_sender_signs_for_four_domains_at_most_and_each_once():
    found = proofs(dkim=tuple(dkim(f"d{number % 8}.example") for number in range(50)))
    assert signers(found) == ["d0.example", "d1.example", "d2.example", "d3.example"]


def test_a_second_from_field_takes_the_signature_from_its_domain():
    problem = DmarcResult(status=DmarcStatus.NONE, domain="example.com", problem=FromProblem.MULTIPLE_FIELDS)
    assert proofs(dkim=(dkim(),), dmarc=problem) == Proofs()


def test_without_a_policy_the_organization_says_who_is_meant():
    found = proofs(
        spf=spf("bounce.example.com"),
        dkim=(dkim("mail.example.com"), dkim("other.example")),
        dmarc=dmarc(status=DmarcStatus.NONE, aligned_by=()),
    )
    assert found.author == ""
    assert found.is_twofold
    assert found.aligned_signers == {"mail.example.com"}


def test_domains_under_one_suffix_are_strangers():
    found = proofs(spf=spf("com"), dkim=(dkim("net"),), dmarc=dmarc("org", status=DmarcStatus.NONE, aligned_by=()))
    assert not found.names_author
