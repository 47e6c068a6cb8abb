# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a DMARC failure: the domain owner's wish, the operator's setting, and the exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.model.arc import ArcStatus
from postward.model.dkim import DkimStatus
from postward.model.dmarc import DmarcPolicy, DmarcStatus, FromProblem
from postward.model.ip_address import is_within
from postward.model.verdict import Verdict

if TYPE_CHECKING:
    from postward.model.dmarc import DmarcResult
    from postward.model.ip_address import IpNetwork
    from postward.model.transaction import Transaction


class Enforcement(StrEnum):
    """What the operator wants done to a message that fails."""

    NONE = "none"
    JUNK = "junk"
    QUARANTINE = "quarantine"
    REJECT = "reject"


_VERDICTS = {
    Enforcement.NONE: Verdict.HAM,
    Enforcement.JUNK: Verdict.JUNK,
    Enforcement.QUARANTINE: Verdict.QUARANTINE,
    Enforcement.REJECT: Verdict.REJECT,
}
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}
"""From the mildest to the harshest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcEnforcement:
    """The operator's settings; the defaults mark as junk and never refuse."""

    on_reject: Enforcement = Enforcement.JUNK
    on_quarantine: Enforcement = Enforcement.JUNK
    multiple_from: Enforcement = Enforcement.JUNK
    defer_on_temperror: bool = False
    exempt_networks: tuple[IpNetwork, ...] = ()
    exempt_dkim_domains: frozenset[str] = frozenset()
    exempt_sealers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """The least verdict that DMARC calls for, and why, in words."""

    verdict: Verdict
    reason: str = ""


def dmarc_disposition(transaction: Transaction, settings: DmarcEnforcement) -> Disposition:
    """Decide what DMARC calls for (RFC 9989 sections 5.4 and 11.5)."""
    dmarc = transaction.facts.dmarc
    if dmarc is None:
        return Disposition(verdict=Verdict.HAM)
    if dmarc.status is DmarcStatus.TEMPERROR and settings.defer_on_temperror:
        return Disposition(verdict=Verdict.DEFER, reason="the author's policy could not be looked up")
    wanted = _wanted(dmarc, settings)
    if wanted.verdict is Verdict.HAM:
        return wanted
    exempt = _exemption(transaction, settings)
    return Disposition(verdict=Verdict.HAM, reason=f"{wanted.reason}, but {exempt}") if exempt else wanted


def _wanted(dmarc: DmarcResult, settings: DmarcEnforcement) -> Disposition:
    verdicts = [Disposition(verdict=Verdict.HAM)]
    if dmarc.problem in (FromProblem.MULTIPLE_FIELDS, FromProblem.MULTIPLE_DOMAINS):
        verdicts.append(Disposition(verdict=_VERDICTS[settings.multiple_from], reason="the author is not one domain"))
    if dmarc.status is DmarcStatus.FAIL:
        verdicts.append(_by_policy(dmarc, settings))
    return max(verdicts, key=lambda disposition: _SEVERITY[disposition.verdict])


def _by_policy(dmarc: DmarcResult, settings: DmarcEnforcement) -> Disposition:
    if dmarc.policy is DmarcPolicy.REJECT:
        return Disposition(
            verdict=_VERDICTS[settings.on_reject], reason=f"DMARC fails and {dmarc.domain} asks for reject"
        )
    if dmarc.policy is DmarcPolicy.QUARANTINE:
        return Disposition(
            verdict=_VERDICTS[settings.on_quarantine], reason=f"DMARC fails and {dmarc.domain} asks for quarantine"
        )
    # RFC 9989 section 5.4: p=none must not change how the message is handled.
    return Disposition(verdict=Verdict.HAM)


def _exemption(transaction: Transaction, settings: DmarcEnforcement) -> str:
    """Why the failure is not enforced, in words; "" where it is."""
    facts, origin = transaction.facts, transaction.origin
    if facts.arc_override is not None:
        return f"the trusted ARC sealer {facts.arc_override.sealer} saw it pass"
    if any(is_within(address, settings.exempt_networks) for address in (origin.client, origin.relayed_by)):
        return "the client's network is exempt"
    for result in facts.dkim or ():
        if result.status is DkimStatus.PASS and result.domain in settings.exempt_dkim_domains:
            return f"mail signed by {result.domain} is exempt"
    arc = facts.arc
    if arc is not None and arc.status is ArcStatus.PASS and arc.sealer in settings.exempt_sealers:
        return f"mail sealed by {arc.sealer} is exempt"
    return ""
