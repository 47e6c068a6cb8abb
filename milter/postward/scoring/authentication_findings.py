# SPDX-License-Identifier: GPL-3.0-or-later
"""Which symbols SPF, DKIM, ARC, DMARC and iprev earn a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.arc import ArcStatus
from postward.model.dkim import DkimStatus
from postward.model.dmarc import DmarcStatus, FromProblem
from postward.model.iprev import IprevStatus
from postward.model.spf import SpfStatus
from postward.model.symbol import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.dkim import DkimResult
    from postward.model.transaction import Facts

_FROM_SYMBOLS = {
    FromProblem.MISSING: "FROM_MISSING",
    FromProblem.MULTIPLE_FIELDS: "FROM_MULTIPLE",
    FromProblem.MULTIPLE_DOMAINS: "FROM_MULTIPLE",
    FromProblem.UNPARSABLE: "FROM_UNPARSABLE",
}


def authentication_findings(facts: Facts) -> Iterator[Finding]:
    """Give them in a fixed order."""
    yield from _spf(facts)
    yield from _dkim(facts)
    yield from _arc(facts)
    yield from _dmarc(facts)
    yield from _iprev(facts)


def _spf(facts: Facts) -> Iterator[Finding]:
    if facts.spf is not None:
        yield Finding(f"SPF_{facts.spf.status.value.upper()}", facts.spf.domain)
    if facts.spf_helo is not None and facts.spf_helo.status is SpfStatus.FAIL:
        yield Finding("SPF_HELO_FAIL", facts.spf_helo.domain)


def _dkim(facts: Facts) -> Iterator[Finding]:
    if facts.dkim is None:
        return
    passed = [result for result in facts.dkim if result.status is DkimStatus.PASS]
    if passed:
        yield Finding("DKIM_PASS", " ".join(dict.fromkeys(result.domain for result in passed)))
    else:
        yield Finding(_unverified(facts.dkim), " ".join(dict.fromkeys(result.domain for result in facts.dkim)))
    if any(result.status is DkimStatus.POLICY for result in facts.dkim) and not passed:
        yield Finding("DKIM_WEAK", "")
    if passed and all(result.unsigned_bytes for result in passed):
        yield Finding("DKIM_UNSIGNED_BODY", str(min(result.unsigned_bytes for result in passed)))


def _unverified(results: tuple[DkimResult, ...]) -> str:
    if not results:
        return "DKIM_NONE"
    temporary = any(result.status is DkimStatus.TEMPERROR for result in results)
    return "DKIM_TEMPERROR" if temporary else "DKIM_FAIL"


def _arc(facts: Facts) -> Iterator[Finding]:
    if facts.arc is not None and facts.arc.status is not ArcStatus.NONE and not facts.arc.temporary:
        yield Finding(f"ARC_{facts.arc.status.value.upper()}", facts.arc.sealer or "")


def _dmarc(facts: Facts) -> Iterator[Finding]:
    dmarc = facts.dmarc
    if dmarc is None:
        return
    if dmarc.problem is not None:
        yield Finding(_FROM_SYMBOLS[dmarc.problem], dmarc.domain)
    if dmarc.status is DmarcStatus.FAIL and facts.arc_override is not None:
        yield Finding("DMARC_ARC_OVERRIDE", facts.arc_override.sealer)
    elif dmarc.status is DmarcStatus.FAIL:
        yield Finding(f"DMARC_FAIL_{(dmarc.policy or 'none').upper()}", dmarc.domain)
    else:
        yield Finding(f"DMARC_{dmarc.status.value.upper()}", dmarc.domain)


def _iprev(facts: Facts) -> Iterator[Finding]:
    if facts.iprev is None:
        return
    status = IprevStatus.FAIL if facts.iprev.status is IprevStatus.PERMERROR else facts.iprev.status
    yield Finding(f"IPREV_{status.value.upper()}", facts.iprev.name or "")
