# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.results import describe, describe_login, parse_results, render
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.connection import Authentication
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcDisposition, DmarcPolicy, DmarcResult, DmarcStatus, FromProblem
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.origin import Direction, Origin
from postward.model.override import ArcOverride
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Facts

INBOUND = Origin(direction=Direction.INBOUND, reason="", client=ip_address("192.0.2.1"), helo="mx.example.com")
MFROM = SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain="example.com", identity="a@example.com")
HELO = SpfResult(status=SpfStatus.PASS, scope=SpfScope.HELO, domain="mx.example.com", identity="mx.example.com")
DKIM = DkimResult(status=DkimStatus.PASS, domain="example.com", selector="s", algorithm="rsa-sha256", key_bits=2048)
DMARC = DmarcResult(
    status=DmarcStatus.FAIL, domain="example.com", policy=DmarcPolicy.REJECT, policy_domain="example.com"
)


def field(*, disposition=DmarcDisposition.NONE, smtputf8=False, **facts):
    found = Facts()
    for name, value in facts.items():
        setattr(found, name, value)
    return written(describe(found, INBOUND, dmarc_disposition=disposition, smtputf8=smtputf8), smtputf8=smtputf8)


def written(results, *, smtputf8=False):
    text = render("mx", results, smtputf8=smtputf8).decode()
    return text.replace("\r\n\t  ", " ").replace("\r\n\t", " ").removeprefix("mx; ")


def test_nothing_checked():
    assert field() == "none"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"spf": MFROM}, "spf=pass smtp.mailfrom=a@example.com"),
        ({"spf": MFROM, "spf_helo": HELO}, "spf=pass smtp.mailfrom=a@example.com; spf=pass smtp.helo=mx.example.com"),
        ({"spf": HELO, "spf_helo": HELO}, "spf=pass smtp.helo=mx.example.com"),
        ({"spf_helo": HELO}, "spf=pass smtp.helo=mx.example.com"),
        ({"dkim": ()}, "dkim=none (no signature)"),
        ({"dkim": (DKIM,)}, "dkim=pass (2048-bit key) header.d=example.com header.s=s header.a=rsa-sha256"),
        ({"arc": ArcResult(status=ArcStatus.NONE)}, "arc=none"),
        ({"dmarc": DMARC}, "dmarc=fail (p=reject dis=none) header.from=example.com policy.dmarc=reject"),
        (
            {"iprev": IprevResult(status=IprevStatus.PASS, name="mx.example.com")},
            "iprev=pass (mx.example.com) policy.iprev=192.0.2.1",
        ),
    ],
)
def test_each_method(facts, expected):
    assert field(**facts) == expected


def test_a_spf_problem_is_told():
    result = SpfResult(
        status=SpfStatus.PERMERROR,
        scope=SpfScope.MFROM,
        domain="example.com",
        identity="a@example.com",
        problem="too many look-ups",
    )
    assert field(spf=result) == "spf=permerror (too many look-ups) smtp.mailfrom=a@example.com"


@pytest.mark.parametrize(
    ("identity", "smtputf8", "shown"),
    [
        ("j\xfcrgen@example.com", False, "example.com"),
        ("j\xfcrgen@example.com", True, '"j\xfcrgen@example.com"'),
        ("a@EXAMPLE.com.", False, "a@example.com"),
        ("a" * 400 + "@example.com", False, "example.com"),
        ("\udcff@example.com", False, "example.com"),
        ('"x@bank.example"@example.com', False, "example.com"),
        ("example.com", False, "example.com"),
    ],
)
def test_a_mail_from_that_cannot_be_written_is_given_by_its_domain(identity, smtputf8, shown):
    result = SpfResult(status=SpfStatus.FAIL, scope=SpfScope.MFROM, domain="example.com", identity=identity)
    assert field(spf=result, smtputf8=smtputf8) == f"spf=fail smtp.mailfrom={shown}"


@pytest.mark.parametrize(
    ("identity", "smtputf8", "shown"),
    [
        ("@example.com", False, "@example.com"),
        ("j\xfcrgen@b\xfccher.example", False, "@xn--bcher-kva.example"),
        ("j\xfcrgen@b\xfccher.example", True, '"j\xfcrgen@b\xfccher.example"'),
        ('"x@bank.example"@example.com', False, "@example.com"),
    ],
)
def test_an_agent_that_cannot_be_written_is_given_by_its_domain(identity, smtputf8, shown):
    result = DkimResult(status=DkimStatus.FAIL, domain="d.example", selector="", identity=identity)
    assert field(dkim=(result,), smtputf8=smtputf8) == f"dkim=fail header.d=d.example header.i={shown}"


def test_an_agent_that_is_no_address_is_left_out():
    result = DkimResult(status=DkimStatus.FAIL, domain="d.example", selector="", identity="bank.example")
    assert field(dkim=(result,)) == "dkim=fail header.d=d.example"


def test_dangers_of_a_signature_are_told():
    result = DkimResult(
        status=DkimStatus.PASS, domain="example.com", selector="s", identity="@example.com", signature_prefix="ab/c",
        testing=True, unsigned_bytes=12, length_limited=True,
    )  # fmt: skip
    assert field(dkim=(result,)) == (
        "dkim=pass (key in test mode, 12 body octets not signed) "
        'header.d=example.com header.i=@example.com header.s=s header.b="ab/c"'
    )


def test_arc_names_its_sealer():
    sets = tuple(ArcSet(instance=n, sealer=f"hop{n}.example", selector="s", authentication_results=b"") for n in (1, 2))
    assert field(arc=ArcResult(status=ArcStatus.PASS, sets=sets, oldest_pass=2)) == (
        "arc=pass (i=2, sealed by hop2.example) smtp.remote-ip=192.0.2.1 header.oldest-pass=2"
    )


def test_dmarc_says_whose_policy_it_is_and_what_became_of_it():
    inherited = DmarcResult(
        status=DmarcStatus.FAIL, domain="a.example.com", policy=DmarcPolicy.QUARANTINE, policy_domain="example.com",
        testing=True, problem=FromProblem.MULTIPLE_FIELDS, reason="more than one From field",
    )  # fmt: skip
    assert field(dmarc=inherited, disposition=DmarcDisposition.QUARANTINE) == (
        "dmarc=fail (dis=quarantine, policy of example.com, t=y, more than one From field) "
        "header.from=a.example.com policy.dmarc=quarantine"
    )


def test_an_override_is_told_in_words_and_is_no_result():
    override = ArcOverride(sealer="lists.example.org", instance=1, aligned_by=("dkim:example.com",))
    text = field(dmarc=DMARC, arc_override=override)
    assert text == (
        "dmarc=fail (p=reject dis=none, overridden: trusted ARC sealer lists.example.org saw dkim:example.com aligned "
        "in i=1) header.from=example.com policy.dmarc=reject"
    )


def test_of_what_was_not_checked_the_methods_are_named():
    missed = {"dmarc": "time ran out", "spf_helo": "time ran out", "dnsbl": "internal error", "a b": "x"}
    assert field(spf=MFROM, not_checked=missed) == (
        "spf=pass smtp.mailfrom=a@example.com; dmarc=temperror (not checked, time ran out)"
    )


def test_no_policy_has_no_disposition():
    assert field(dmarc=DmarcResult(status=DmarcStatus.NONE, domain="example.com", reason="no record")) == (
        "dmarc=none (no record) header.from=example.com"
    )


def test_a_login_is_named_only_on_demand():
    user = Authentication(user="alice", mechanism="PLAIN")
    assert written([describe_login(user, name_user=True)]) == "auth=pass (PLAIN) smtp.auth=alice"
    assert written([describe_login(user, name_user=False)]) == "auth=pass"


HOSTILE = st.text('a;="\\()@. \r\n\x00\xfc\udcff', max_size=30) | st.just("; dkim=pass header.d=bank.example")


@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_facts_add_no_result(one, two, three):
    found = Facts()
    found.spf = SpfResult(status=SpfStatus.FAIL, scope=SpfScope.MFROM, domain=one, identity=two, problem=three)
    found.spf_helo = SpfResult(status=SpfStatus.FAIL, scope=SpfScope.HELO, domain=two, identity=one)
    found.dkim = (DkimResult(status=DkimStatus.FAIL, domain=one, selector=two, identity=three, reason=one),)
    found.dmarc = DmarcResult(status=DmarcStatus.FAIL, domain=three, reason=two, policy_domain=one)
    found.iprev = IprevResult(status=IprevStatus.FAIL, name=one, reason=two)
    value = render("mx", describe(found, INBOUND))
    said = [(result.method, result.result) for result in parse_results(value).results]
    assert said == [("iprev", "fail"), ("spf", "fail"), ("spf", "fail"), ("dkim", "fail"), ("dmarc", "fail")]
    assert b"=pass" not in value
