# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate DMARC for a message (RFC 9989 sections 5.3 and 11.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.authn.dmarc.alignment import Identifier, find_alignment
from postward.authn.dmarc.author import AuthorDomains, author_domains
from postward.authn.dmarc.policy import (
    SEVERITY,
    AppliedRecord,
    evaluated_policy,
    find_record,
    policy_for_existing,
    usable_record,
)
from postward.authn.dmarc.tree_walk import TreeWalker
from postward.dns.names import to_ascii
from postward.model.dmarc import DmarcPolicy, DmarcResult, DmarcStatus, FromProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.authn.dmarc.tree_walk import TreeWalk
    from postward.dns.resolver import Lookup
    from postward.model.dkim import DkimResult
    from postward.model.spf import SpfResult

_PROBLEM_REASONS = {
    FromProblem.MISSING: "no From field",
    FromProblem.MULTIPLE_FIELDS: "more than one From field",
    FromProblem.MULTIPLE_DOMAINS: "more than one author domain",
    FromProblem.UNPARSABLE: "From field without a clear author domain",
}


def evaluate_dmarc(
    from_values: Sequence[bytes], spf: SpfResult | None, dkim: Sequence[DkimResult], lookup: Lookup
) -> DmarcResult:
    """Evaluate a message with these From fields and authentication results; never raises.

    ``spf`` is the result for MAIL FROM (for a null path that of postmaster@HELO), never a separate HELO result (RFC
    9989 section 3.2.4).  Without exactly one author domain the result is never pass: it is fail with the strictest
    policy among the domains that fail, if one does.
    """
    authors = author_domains(from_values)
    evaluation = _Evaluation(spf, dkim, lookup)
    results = [evaluation.evaluate(domain) for domain in authors.domains]
    return results[0] if authors.problem is None else _without_single_author(authors, authors.problem, results)


def _without_single_author(authors: AuthorDomains, problem: FromProblem, results: Sequence[DmarcResult]) -> DmarcResult:
    """RFC 9989 section 11.5: apply the strictest policy among the failing domains."""
    reason = _PROBLEM_REASONS[problem]
    first = authors.domains[0] if authors.domains else ""
    failing = [result for result in results if result.status is DmarcStatus.FAIL]
    if failing:
        strictest = max(failing, key=lambda result: SEVERITY[result.policy or DmarcPolicy.NONE])
        reason = f"{reason}; strictest policy is that of {strictest.domain}"
        return replace(strictest, domain=first, problem=problem, reason=reason)
    open_status = any(result.status is DmarcStatus.TEMPERROR for result in results)
    status = DmarcStatus.TEMPERROR if open_status else DmarcStatus.NONE
    return DmarcResult(status=status, domain=first, problem=problem, reason=reason)


class _Evaluation:
    """The evaluation of one message: its identifiers, and what DNS has said so far."""

    def __init__(self, spf: SpfResult | None, dkim: Sequence[DkimResult], lookup: Lookup) -> None:
        self._spf = spf
        self._dkim = dkim
        self._lookup = lookup
        self._walker = TreeWalker(lookup)

    def evaluate(self, domain: str) -> DmarcResult:
        """Evaluate one author domain by itself."""
        walk = self._walker.walk(domain)
        if walk.failure and walk.own_record is None:
            # RFC 9989 section 4.10.1: a transient failure leaves open which record applies, if any.
            return DmarcResult(status=DmarcStatus.TEMPERROR, domain=domain, reason=walk.failure)
        found = find_record(walk)
        if found is None:
            return _not_applied(walk, "no DMARC record")
        applied = usable_record(*found)
        if applied is None:
            return _not_applied(walk, f"no usable policy in the DMARC record of {found[0]}")
        return self._judge(walk, applied)

    def _judge(self, walk: TreeWalk, applied: AppliedRecord) -> DmarcResult:
        alignment = find_alignment(walk, self._identifiers(applied, DmarcStatus.PASS), self._walker)
        policy = evaluated_policy(applied, walk.start, self._lookup)
        result = DmarcResult(
            status=DmarcStatus.FAIL,
            domain=walk.start,
            org_domain=walk.organizational_domain,
            policy=policy,
            policy_domain=applied.domain,
            aligned_by=alignment.aligned_by,
            testing=applied.record.is_test,
        )
        if alignment.aligned_by:
            # Whatever keeps the policy open does not matter to a message that passes.
            return replace(result, status=DmarcStatus.PASS, policy=policy or policy_for_existing(applied))
        failure = alignment.failure or self._open_authentication(walk, applied)
        if policy is None:
            failure = failure or f"unknown whether {walk.start} exists"
        if failure:
            return replace(result, status=DmarcStatus.TEMPERROR, reason=failure)
        return replace(result, reason="no passing identifier is aligned")

    def _open_authentication(self, walk: TreeWalk, applied: AppliedRecord) -> str:
        """Say which identifier would have aligned, had SPF or DKIM not failed for a temporary reason.

        RFC 9989 section 5.3.6: a message whose DNS queries did not complete neither passes nor fails.
        """
        alignment = find_alignment(walk, self._identifiers(applied, DmarcStatus.TEMPERROR), self._walker)
        return alignment.failure or "".join(f"temporary error of {label}" for label in alignment.aligned_by[:1])

    def _identifiers(self, applied: AppliedRecord, outcome: str) -> list[Identifier]:
        """Collect those with that outcome; SPF's first, so that no number of signatures can crowd it out."""
        found = []
        if self._spf is not None and self._spf.status == outcome:
            found.append(_identifier("spf", self._spf.domain, is_strict=applied.record.strict_spf))
        found.extend(
            _identifier("dkim", signature.domain, is_strict=applied.record.strict_dkim)
            for signature in self._dkim
            if signature.status == outcome
        )
        return list(dict.fromkeys(identifier for identifier in found if identifier is not None))


def _identifier(method: str, text: str, *, is_strict: bool) -> Identifier | None:
    domain = to_ascii(text)
    if domain is None:
        return None
    label = method if method == "spf" else f"{method}:{domain}"
    return Identifier(label=label, domain=domain, is_strict=is_strict)


def _not_applied(walk: TreeWalk, reason: str) -> DmarcResult:
    return DmarcResult(status=DmarcStatus.NONE, domain=walk.start, org_domain=walk.organizational_domain, reason=reason)
