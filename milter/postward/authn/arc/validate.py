# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the Authenticated Received Chain of a message (RFC 8617 section 5.2)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from postward.authn.arc.errors import ChainError
from postward.authn.arc.evidence import ChainKeys, Evidence
from postward.authn.arc.hop import collect_hops
from postward.authn.arc.message_signature import check_message_signature, check_older_signature
from postward.authn.arc.seal import check_seal, seal_digests
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.header_digest import HeaderDigests
from postward.authn.dkim.label import label
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.authn.arc.hop import Hop
    from postward.authn.arc.settings import ArcSettings
    from postward.authn.dkim.body_digests import BodyDigests
    from postward.dns.resolver import Lookup
    from postward.model.header import Headers


def validate_chain(
    headers: Headers, digests: BodyDigests, lookup: Lookup, settings: ArcSettings, now_s: float
) -> ArcResult:
    """Validate the chain; never raises.

    DNS is asked only once the structure is whole, for each key once, and no further than to the first failure.
    """
    try:
        hops = collect_hops(headers, settings.max_signature_bytes)
    except ChainError as problem:
        return ArcResult(status=ArcStatus.FAIL, reason=problem.reason)
    if not hops:
        return ArcResult(status=ArcStatus.NONE)
    sets = tuple(_describe(hop) for hop in hops)
    evidence = Evidence(
        header_digests=HeaderDigests(headers),
        body_digests=digests,
        keys=ChainKeys(lookup, settings),
        settings=settings,
        now_s=now_s,
    )
    try:
        _check_chain_status(hops)
        _check_older_signatures(hops[:-1], evidence)
        _check_newest_signature(hops[-1], evidence)
        _check_seals(hops, evidence)
    except ChainError as problem:
        return ArcResult(status=ArcStatus.FAIL, sets=sets, reason=problem.reason, temporary=problem.temporary)
    return ArcResult(status=ArcStatus.PASS, sets=sets, oldest_pass=_oldest_pass(hops, evidence))


def _check_chain_status(hops: Sequence[Hop]) -> None:
    # RFC 8617 section 5.2 step 2: whoever sealed last found the chain broken.
    if hops[-1].chain_status == b"fail":
        raise ChainError("the newest ARC-Seal says cv=fail")
    # Step 3 C: none in the first seal, pass in all others.
    for hop in hops:
        if hop.chain_status != (b"none" if hop.instance == 1 else b"pass"):
            raise ChainError(f"ARC-Seal {hop.instance}: wrong cv=")


def _check_older_signatures(hops: Sequence[Hop], evidence: Evidence) -> None:
    for hop in hops:
        try:
            check_older_signature(hop, evidence)
        except SignatureError as problem:
            raise _chain_problem(f"ARC-Message-Signature {hop.instance}", problem) from problem


def _check_newest_signature(hop: Hop, evidence: Evidence) -> None:
    # RFC 8617 section 5.2 step 4.
    try:
        check_message_signature(hop, evidence)
    except SignatureError as problem:
        raise _chain_problem(f"ARC-Message-Signature {hop.instance}", problem) from problem


def _check_seals(hops: Sequence[Hop], evidence: Evidence) -> None:
    # RFC 8617 section 5.2 step 6: from the newest to the oldest.
    digests = seal_digests(hops, evidence.header_digests)
    for hop in reversed(hops):
        try:
            check_seal(hop, digests[hop.instance - 1], evidence)
        except SignatureError as problem:
            raise _chain_problem(f"ARC-Seal {hop.instance}", problem) from problem


def _oldest_pass(hops: Sequence[Hop], evidence: Evidence) -> int:
    """Lowest instance down to which message signatures verify, 0 for all (step 5); never lower than was tried."""
    oldest = hops[-1].instance
    for hop in islice(reversed(hops[:-1]), evidence.settings.max_older_signatures):
        try:
            check_message_signature(hop, evidence)
        except SignatureError:
            break
        oldest = hop.instance
    return 0 if oldest == 1 else oldest


def _chain_problem(where: str, problem: SignatureError) -> ChainError:
    return ChainError(f"{where}: {problem.reason}", temporary=problem.status is DkimStatus.TEMPERROR)


def _describe(hop: Hop) -> ArcSet:
    seal = label(hop.seal)
    return ArcSet(instance=hop.instance, sealer=seal.domain, selector=seal.selector, authentication_results=hop.results)
