# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a trusted ARC chain explains a DMARC failure (RFC 8617 section 7.2.1, RFC 9989 section 5.4).

A mailing list that changes a message breaks its signature; what the list saw before it did so stands in its
ARC-Authentication-Results.  Those are believed only where every hop from there to us is one that the operator trusts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dmarc.alignment import MAX_IDENTIFIERS, Identifier, find_alignment
from postward.authn.dmarc.tree_walk import TreeWalker
from postward.authn.results.parse import parse_results
from postward.dns.names import to_ascii
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.override import ArcOverride

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.authn.results.method_result import MethodResult
    from postward.dns.resolver import Lookup


def arc_override(
    arc: ArcResult, dmarc: DmarcResult, trusted_sealers: frozenset[str], lookup: Lookup
) -> ArcOverride | None:
    """Look for an aligned pass in the oldest results that ``trusted_sealers`` vouch for; None without one.

    ``trusted_sealers`` are d= domains, exactly, as A-labels in lower case.  Only a failure with one author domain can
    be overridden: with several there is nobody for whom the chain could speak.
    """
    if arc.status is not ArcStatus.PASS or dmarc.status is not DmarcStatus.FAIL or dmarc.problem is not None:
        return None
    oldest = _oldest_trusted(arc, trusted_sealers)
    parsed = parse_results(oldest.authentication_results) if oldest else None
    if oldest is None or parsed is None:
        return None
    passed = [result for result in parsed.results if result.result == "pass"]
    aligned_by = _aligned(passed, dmarc.domain, lookup)
    return ArcOverride(sealer=oldest.sealer, instance=oldest.instance, aligned_by=aligned_by) if aligned_by else None


def _oldest_trusted(arc: ArcResult, trusted_sealers: frozenset[str]) -> ArcSet | None:
    """Go down from the newest set while its sealer is trusted: an untrusted one may have invented what is below."""
    oldest = None
    for arc_set in reversed(arc.sets):
        if arc_set.sealer not in trusted_sealers:
            break
        oldest = arc_set
    return oldest


def _aligned(passed: list[MethodResult], author_domain: str, lookup: Lookup) -> tuple[str, ...]:
    for result in passed:
        if result.method == "dmarc" and author_domain in map(to_ascii, result.values("header", "from")):
            return ("dmarc",)
    walker = TreeWalker(lookup)
    identifiers = [identifier for result in passed for identifier in _identifiers(result)]
    author = walker.walk(author_domain)
    return find_alignment(author, identifiers[:MAX_IDENTIFIERS], walker).aligned_by


def _identifiers(result: MethodResult) -> Iterator[Identifier]:
    """The domains for which a result speaks: relaxed alignment, for the sealer saw the record of its own day."""
    if result.method == "spf":
        for value in result.values("smtp", "mailfrom"):
            domain = to_ascii(value.rpartition("@")[2])
            if domain:
                yield Identifier(label="spf", domain=domain)
    elif result.method == "dkim":
        for value in result.values("header", "d") or result.values("header", "i"):
            domain = to_ascii(value.rpartition("@")[2])
            if domain:
                yield Identifier(label=f"dkim:{domain}", domain=domain)
