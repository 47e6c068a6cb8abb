# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.dmarc import evaluate_dmarc
from postward.dns.answer import Answer, Outcome
from postward.dns.zone import ZoneLookup
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcPolicy, DmarcStatus, FromProblem
from postward.model.spf import SpfResult, SpfScope, SpfStatus

ZONE = {
    "_dmarc.example.com": [{"TXT": "v=DMARC1; p=reject; np=none"}],
    "_dmarc.mild.example": [{"TXT": "v=DMARC1; p=quarantine"}],
    "_dmarc.strict.example": [{"TXT": "v=DMARC1; p=reject; adkim=s; aspf=s"}],
    "_dmarc.faulty.example": [{"TXT": "v=DMARC1; p=rejct"}],
    "_dmarc.own.broken.example": [{"TXT": "v=DMARC1; p=reject"}],
    "_dmarc.broken.example": "TIMEOUT",
    "lame.example.com": "SERVFAIL",
    "_dmarc.lame.example.com": [{"TXT": "not a record"}],
}


def spf(domain, status=SpfStatus.PASS, scope=SpfScope.MFROM):
    return SpfResult(status=status, scope=scope, domain=domain, identity=f"a@{domain}")


def dkim(domain, status=DkimStatus.PASS):
    return DkimResult(status=status, domain=domain, selector="s")


def evaluate(*from_values, spf=None, dkim=()):
    return evaluate_dmarc([value.encode() for value in from_values], spf, dkim, ZoneLookup(ZONE))


def test_pass_says_all_about_the_policy():
    result = evaluate(
        "a@example.com", spf=spf("example.com"), dkim=[dkim("Example.COM."), dkim("example.com"), dkim("esp.example")]
    )
    assert result.status is DmarcStatus.PASS
    assert result.aligned_by == ("spf", "dkim:example.com")
    assert (result.domain, result.org_domain, result.policy_domain) == ("example.com",) * 3
    assert result.policy is DmarcPolicy.REJECT


def test_fail_for_want_of_alignment():
    result = evaluate("a@example.com", spf=spf("example.net"), dkim=[dkim("example.com", DkimStatus.FAIL)])
    assert (result.status, result.policy, result.aligned_by) == (DmarcStatus.FAIL, DmarcPolicy.REJECT, ())


def test_a_bounce_is_aligned_by_postmaster_at_helo():
    result = evaluate("a@example.com", spf=spf("mx.example.com", scope=SpfScope.HELO))
    assert result.status is DmarcStatus.PASS


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a@nothing.example", "no DMARC record"),
        ("a@faulty.example", "no usable policy in the DMARC record of faulty.example"),
    ],
)
def test_none(value, reason):
    result = evaluate(value, dkim=[dkim("nothing.example")])
    assert (result.status, result.policy, result.policy_domain, result.reason) == (DmarcStatus.NONE, None, None, reason)


def test_temperror_where_the_record_cannot_be_had():
    result = evaluate("a@x.broken.example", dkim=[dkim("x.broken.example")])
    assert (result.status, result.policy) == (DmarcStatus.TEMPERROR, None)
    assert result.reason == "_dmarc.broken.example: timeout"


def test_a_failed_walk_does_not_matter_where_the_domains_are_equal_or_foreign():
    assert evaluate("a@own.broken.example", dkim=[dkim("own.broken.example")]).status is DmarcStatus.PASS
    assert evaluate("a@own.broken.example", dkim=[dkim("example.net")]).status is DmarcStatus.FAIL
    assert evaluate("a@own.broken.example", dkim=[dkim("a.own.broken.example")]).status is DmarcStatus.TEMPERROR


def test_existence_matters_to_a_failure_only():
    assert evaluate("a@lame.example.com").status is DmarcStatus.TEMPERROR
    result = evaluate("a@lame.example.com", dkim=[dkim("example.com")])
    assert (result.status, result.policy) == (DmarcStatus.PASS, DmarcPolicy.REJECT)


def test_a_temporary_failure_of_an_aligned_identifier_leaves_the_result_open():
    assert evaluate("a@example.com", spf=spf("a.example.com", SpfStatus.TEMPERROR)).status is DmarcStatus.TEMPERROR
    open_dkim = dkim("example.com", DkimStatus.TEMPERROR)
    assert evaluate("a@example.com", dkim=[open_dkim]).reason == "temporary error of dkim:example.com"
    assert evaluate("a@example.com", spf=spf("example.com"), dkim=[open_dkim]).status is DmarcStatus.PASS
    assert evaluate("a@example.com", spf=spf("example.net", SpfStatus.TEMPERROR)).status is DmarcStatus.FAIL
    assert evaluate("a@strict.example", spf=spf("x.strict.example", SpfStatus.TEMPERROR)).status is DmarcStatus.FAIL


def test_an_exhausted_budget_is_a_temporary_failure():
    result = evaluate_dmarc([b"a@example.com"], None, (), lambda *_: Answer(outcome=Outcome.BUDGET))
    assert result.status is DmarcStatus.TEMPERROR


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (["a@mild.example, b@example.com"], FromProblem.MULTIPLE_DOMAINS),
        (["a@mild.example", "b@example.com"], FromProblem.MULTIPLE_FIELDS),
        (["a@mild.example b@example.com"], FromProblem.UNPARSABLE),
    ],
)
def test_without_a_single_author_the_strictest_failing_policy_counts(values, problem):
    result = evaluate(*values, spf=spf("mild.example"))
    assert (result.status, result.policy, result.policy_domain) == (DmarcStatus.FAIL, DmarcPolicy.REJECT, "example.com")
    assert (result.domain, result.problem) == ("mild.example", problem)
    result = evaluate(*values, spf=spf("example.com"))
    assert (result.status, result.policy) == (DmarcStatus.FAIL, DmarcPolicy.QUARANTINE)


def test_without_a_single_author_there_is_no_pass():
    both = [dkim("mild.example"), dkim("example.com")]
    result = evaluate("a@mild.example, b@example.com", dkim=both)
    assert (result.status, result.policy, result.aligned_by) == (DmarcStatus.NONE, None, ())
    assert evaluate("a@example.com", "a@example.com", dkim=both).status is DmarcStatus.NONE
    assert evaluate("a@nothing.example, b@broken.example").status is DmarcStatus.TEMPERROR


@pytest.mark.parametrize("values", [[], [""], ["undisclosed"], ["a@[192.0.2.1]"]])
def test_without_any_author_domain(values):
    result = evaluate(*values, dkim=[dkim("example.com")])
    assert (result.status, result.domain, result.org_domain) == (DmarcStatus.NONE, "", None)
    assert result.problem is not None


def test_queries_for_many_authors_and_signatures_are_bounded():
    asked = []
    lookup = ZoneLookup(ZONE)

    def counting(name, record_type):
        asked.append(name)
        return lookup(name, record_type)

    authors = ", ".join(f"a@{n}.a.b.c.d.e.f.g.h.example.com" for n in range(60))
    signatures = [dkim(f"x.{n}.y.z.example.com") for n in range(1000)]
    evaluate_dmarc([authors.encode()], None, signatures, counting)
    assert len(asked) < 100


NAMES = st.sampled_from(
    ["example.com", "a.example.com", "mild.example", "own.broken.example", "", "..", "x" * 300, "\xfc\udc80"]
)


@given(
    st.lists(st.binary(max_size=30) | NAMES.map(lambda name: f"a@{name}".encode(errors="replace")), max_size=3),
    NAMES.map(spf) | st.none(),
    st.lists(NAMES.map(dkim), max_size=3),
)
def test_never_raises_and_passes_only_with_an_aligned_identifier(from_values, spf, dkim):
    result = evaluate_dmarc(from_values, spf, dkim, ZoneLookup(ZONE))
    assert (result.status is DmarcStatus.PASS) == bool(result.aligned_by)
    assert result.problem is None or result.status is not DmarcStatus.PASS
